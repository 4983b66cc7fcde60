package dev.linnet.numbers;

/**
 * How one exchange ended. Times are nanoseconds, sizes bytes including heads.
 *
 * @param status        what the client got; 499 if it went away before
 * @param requestNanos  first byte from the client to last byte to it
 * @param connectNanos  connecting to the endpoint, 0 on a kept connection; these three are {@link #NOT_OBSERVED} if no endpoint was
 *                      asked or more than one, as in ingress-nginx (spec §6.1)
 * @param headerNanos   until the endpoint's response head
 * @param responseNanos until the end of its response
 */
public record Outcome(
        Method method,
        int status,
        Failure failure,
        long requestNanos,
        long connectNanos,
        long headerNanos,
        long responseNanos,
        long requestBytes,
        long responseBytes) {

    public static final long NOT_OBSERVED = -1;

    /** Where no endpoint was asked, or more than one: no times of an endpoint are observed. */
    public static Outcome withoutEndpoint(
            Method method, int status, Failure failure, long requestNanos, long requestBytes, long responseBytes) {
        return new Outcome(
                method,
                status,
                failure,
                requestNanos,
                NOT_OBSERVED,
                NOT_OBSERVED,
                NOT_OBSERVED,
                requestBytes,
                responseBytes);
    }
}
