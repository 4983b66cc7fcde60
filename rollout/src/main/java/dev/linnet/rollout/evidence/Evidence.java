package dev.linnet.rollout.evidence;

import dev.linnet.rollout.judge.Comparison;
import java.time.Instant;

/**
 * What is known when a decision is made.
 *
 * @param now        the time
 * @param target     the workload as it is
 * @param answers    to questions, since the last act
 * @param comparison the requests of the present step, as far as our gateways know them
 * @param wishes     what was asked of the release from outside
 */
public record Evidence(Instant now, Target target, Answers answers, Comparison comparison, Wishes wishes) {

    /**
     * What is asked of a release from outside.
     *
     * @param deletion the Canary is being deleted and waits for its finalizer, or has gone without one
     * @param action   what a person wants; it counts once
     */
    public record Wishes(boolean deletion, PersonAction action) {
        public static final Wishes NONE = new Wishes(false, PersonAction.NONE);
    }

    public <A extends Answer> Evidence with(Question<A> question, A answer) {
        return new Evidence(now, target, answers.with(question, answer), comparison, wishes);
    }
}
