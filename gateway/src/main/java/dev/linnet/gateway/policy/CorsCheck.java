package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.Cors.Preflights;
import dev.linnet.routing.policy.FixedAnswer;

/** Tells browsers what pages of other origins may, and answers their preflights (spec of ingress-nginx, §4.6; of Istio, §1.17). */
final class CorsCheck implements Check {
    private static final String ALLOW = "Access-Control-Allow-";
    private static final String REQUEST = "access-control-request-";
    private static final FixedAnswer NOTHING = new FixedAnswer(200, "");

    private final Cors cors;

    CorsCheck(Cors cors) {
        this.cors = cors;
    }

    @Override
    public void visit(Visit visit) {
        boolean allowed = allow(visit);
        if (visit.head().method() == Method.OPTIONS && isOurs(visit, allowed)) {
            answer(visit);
        } else {
            visit.pass();
        }
    }

    private void answer(Visit visit) {
        if (cors.preflights() == Preflights.ANY_OPTIONS) {
            visit.answer(204, Failure.NONE, "", "");
        } else {
            visit.answer(NOTHING, "");
        }
    }

    private boolean isOurs(Visit visit, boolean allowed) {
        return switch (cors.preflights()) {
            case ANY_OPTIONS -> allowed;
            case ALLOWED -> allowed && isPreflight(visit);
            case ALL -> isPreflight(visit);
        };
    }

    private static boolean isPreflight(Visit visit) {
        return !visit.head().headerText("origin").isEmpty()
                && !visit.head().headerText(REQUEST + "method").isEmpty();
    }

    @Override
    public void decorate(Visit visit) {
        allow(visit);
    }

    /** An origin that may not is not told so: it is told nothing, and its browser keeps the answer from it. */
    private boolean allow(Visit visit) {
        String origin = visit.head().headerText("origin");
        if (!cors.anyOrigin() && (origin.isEmpty() || !cors.allows(origin))) {
            if (!cors.origins().isEmpty()) {
                visit.responseEdits().add("Vary", "Origin");
            }
            return false;
        }
        ResponseEdits edits = visit.responseEdits();
        edits.set(ALLOW + "Origin", cors.anyOrigin() ? "*" : origin);
        if (!cors.anyOrigin()) {
            edits.add("Vary", "Origin"); // caches must not give one origin's answer to another
        }
        if (cors.credentials()) {
            edits.set(ALLOW + "Credentials", "true");
        }
        tell(edits, "Methods", wanted(cors.methods(), visit, "method"));
        tell(edits, "Headers", wanted(cors.headers(), visit, "headers"));
        if (!cors.exposed().isEmpty()) {
            edits.set("Access-Control-Expose-Headers", cors.exposed());
        }
        edits.set("Access-Control-Max-Age", String.valueOf(cors.maxAge()));
        return true;
    }

    /** Browsers do not take {@code *} where credentials may be sent: what is asked for means the same. */
    private String wanted(String allowed, Visit visit, String what) {
        return cors.credentials() && allowed.equals("*") ? visit.head().headerText(REQUEST + what) : allowed;
    }

    private static void tell(ResponseEdits edits, String what, String value) {
        if (!value.isEmpty()) {
            edits.set(ALLOW + what, value);
        }
    }
}
