package dev.linnet.rollout.plan;

/**
 * Accepted values of a metric, both ends included.
 *
 * @param min negative infinity if there is none
 * @param max positive infinity if there is none
 */
public record Range(double min, double max) {
    public static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    public static Range atLeast(double min) {
        return new Range(min, Double.POSITIVE_INFINITY);
    }

    public static Range atMost(double max) {
        return new Range(Double.NEGATIVE_INFINITY, max);
    }

    public boolean accepts(double value) {
        return value >= min && value <= max;
    }
}
