package dev.linnet.rollout.evidence;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person wants done: the annotation {@code linnet.dev/action}.
 *
 * @param verb what
 * @param by   who
 * @param at   when it was said
 */
public record PersonAction(Verb verb, String by, Instant at) {
    public static final PersonAction NONE = new PersonAction(Verb.NONE, "", Instant.EPOCH);

    /** What a person can want. */
    public enum Verb {
        NONE,
        /** Promote now, without further checks. */
        PROMOTE,
        /** Go on to the next step now, without the checks and gates before it. */
        SKIP,
        /** Take it back. */
        ABORT,
        /** No step forward until told to resume. */
        PAUSE,
        RESUME,
        /** Release the failed version again. */
        RETRY,
        /** Begin this run again. */
        RESTART,
        /** Open the gate that is waited for. */
        APPROVE;

        /** As the annotation spells it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one that is spelled so, if a person can want it. */
        public static Optional<Verb> named(String word) {
            return Arrays.stream(values())
                    .filter(verb -> verb != NONE && verb.word().equals(word))
                    .findFirst();
        }
    }

    /** The same for the same action only. */
    public String id() {
        return verb + " by " + by + " at " + at;
    }
}
