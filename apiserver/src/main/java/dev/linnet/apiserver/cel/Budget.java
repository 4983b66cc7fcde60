package dev.linnet.apiserver.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/**
 * How much evaluation one object may cost. A step of an expression costs one, and its text a tenth of its length, about as a
 * real API server counts; where there are no more steps left, evaluation ends. Used by one thread.
 */
final class Budget implements CelEvaluationListener {
    /** As in a real API server: about a tenth of a second. */
    private static final long PER_EXPRESSION = 1_000_000;

    private static final long PER_OBJECT = 10_000_000;
    private static final int TEXT_PER_STEP = 10;

    private long leftForObject = PER_OBJECT;
    private long leftForExpression;

    /** Thrown to end an evaluation. Expressions may swallow it, so that {@link #overdrawn()} counts. */
    private static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1;

        Spent() {
            super("operation cancelled: actual cost limit exceeded", null, false, false);
        }
    }

    void beginExpression() {
        leftForExpression = PER_EXPRESSION;
    }

    @Override
    public void callback(CelExpr expression, Object value) {
        long cost = value instanceof String text ? 1 + text.length() / TEXT_PER_STEP : 1;
        leftForExpression -= cost;
        leftForObject -= cost;
        if (leftForExpression < 0) {
            throw new Spent();
        }
    }

    /** Whether the last expression was too expensive. */
    boolean overdrawn() {
        return leftForExpression < 0;
    }

    boolean exhausted() {
        return leftForObject <= 0;
    }
}
