package dev.linnet.gateway.policy;

import dev.linnet.numbers.Failure;

/** What a {@link Gate} thinks of a request. */
sealed interface Opinion {
    Opinion ALLOWED = new Allowed();

    record Allowed() implements Opinion {}

    /** As {@link dev.linnet.gateway.exchange.Visit#answer} has it. */
    record Refused(int status, Failure failure, String reason, String headers) implements Opinion {
        static Refused of(int status, String reason) {
            return new Refused(status, Failure.NONE, reason, "");
        }
    }
}
