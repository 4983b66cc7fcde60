package dev.linnet.routing.policy;

/** How calls of gRPC end, in the order of their numbers. */
public enum GrpcStatus {
    OK(200),
    CANCELLED(499),
    UNKNOWN(500),
    INVALID_ARGUMENT(400),
    DEADLINE_EXCEEDED(504),
    NOT_FOUND(404),
    ALREADY_EXISTS(409),
    PERMISSION_DENIED(403),
    RESOURCE_EXHAUSTED(429),
    FAILED_PRECONDITION(400),
    ABORTED(409),
    OUT_OF_RANGE(400),
    UNIMPLEMENTED(501),
    INTERNAL(500),
    UNAVAILABLE(503),
    DATA_LOSS(500),
    UNAUTHENTICATED(401);

    private final int http;

    GrpcStatus(int http) {
        this.http = http;
    }

    /** Value of {@code grpc-status}. */
    public int number() {
        return ordinal();
    }

    /** The status that tells others the same, as Envoy translates it. */
    public int http() {
        return http;
    }
}
