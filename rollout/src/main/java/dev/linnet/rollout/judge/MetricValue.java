package dev.linnet.rollout.judge;

/** What a metric showed. No data, no traffic and a store that is down are three different things. */
public sealed interface MetricValue {

    /** @param value percent for a success rate, milliseconds for a duration; never NaN, which is {@link NoData} */
    record Value(double value) implements MetricValue {
        public Value {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("value is NaN (expected: a number, or NoData)");
            }
        }
    }

    /** The store answered, but has no such series. {@code detail} is its error, redacted. */
    record NoData(String detail) implements MetricValue {}

    /** The version got no requests in this time. */
    record NoTraffic(String detail) implements MetricValue {}

    /** The store did not answer, or not with success. */
    record StoreDown(String detail) implements MetricValue {}

    /**
     * The author's mistake: no such template or Secret, a query that cannot be rendered. Always fails the check.
     *
     * @param text the event's text
     */
    record Unusable(String text) implements MetricValue {}
}
