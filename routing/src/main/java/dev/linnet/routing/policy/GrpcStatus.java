package dev.linnet.routing.policy;

/** How calls of gRPC end, and their numbers. */
public enum GrpcStatus {
    OK(0, 200),
    CANCELLED(1, 499),
    UNKNOWN(2, 500),
    INVALID_ARGUMENT(3, 400),
    DEADLINE_EXCEEDED(4, 504),
    NOT_FOUND(5, 404),
    ALREADY_EXISTS(6, 409),
    PERMISSION_DENIED(7, 403),
    RESOURCE_EXHAUSTED(8, 429),
    FAILED_PRECONDITION(9, 400),
    ABORTED(10, 409),
    OUT_OF_RANGE(11, 400),
    UNIMPLEMENTED(12, 501),
    INTERNAL(13, 500),
    UNAVAILABLE(14, 503),
    DATA_LOSS(15, 500),
    UNAUTHENTICATED(16, 401);

    private final int number;
    private final int http;

    GrpcStatus(int number, int http) {
        this.number = number;
        this.http = http;
    }

    /** The one that tells callers the same as this status tells others, as Envoy translates it (spec of Istio, §4.5). */
    public static GrpcStatus ofHttp(int status) {
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** Value of {@code grpc-status}. */
    public int number() {
        return number;
    }

    /** The status that tells others the same, as Envoy translates it. */
    public int http() {
        return http;
    }
}
