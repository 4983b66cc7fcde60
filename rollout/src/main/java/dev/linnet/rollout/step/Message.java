package dev.linnet.rollout.step;

import dev.linnet.rollout.run.Phase;

/** Something to be told. Written down before it is told, ticked off after: it may be told twice, with the same id, but never lost. */
public sealed interface Message {

    /** {@code <run>-<number>}, unique within a Canary. */
    String id();

    String text();

    /**
     * A Kubernetes Event, and what webhooks of type {@code event} are told.
     *
     * @param warning whether its type is Warning rather than Normal
     * @param phase   what the webhooks' payload says
     */
    record Event(String id, boolean warning, String text, Phase phase) implements Message {}

    /**
     * An alert for people.
     *
     * @param described whether it carries the facts of the release: target, threshold, deadline, traffic
     */
    record Alert(String id, Severity severity, String text, boolean described) implements Message {}

    /** How bad it is. Its text is what {@code alerts[].severity} says. */
    enum Severity {
        INFO("info"),
        WARN("warn"),
        ERROR("error");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
