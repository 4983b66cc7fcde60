package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * Harm that is done to requests on purpose, before a backend is asked (spec of Istio, §1.15): first they wait, then some are answered.
 */
public record Faults(Optional<Delay> delay, Optional<Abort> abort) {
    /** No harm. */
    public static final Faults NONE = new Faults(Optional.empty(), Optional.empty());

    public boolean isNone() {
        return delay.isEmpty() && abort.isEmpty();
    }

    /** @param part of the requests that wait, 0 to 1 */
    public record Delay(double part, Duration time) {}

    /**
     * @param part   of the requests that are answered, 0 to 1
     * @param status of the answer
     * @param grpc   how calls of gRPC end instead, with 200; empty for the one that means the same
     */
    public record Abort(double part, int status, Optional<GrpcStatus> grpc) {}
}
