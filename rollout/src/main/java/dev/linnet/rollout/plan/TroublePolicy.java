package dev.linnet.rollout.plan;

/**
 * What metrics without a value do to a check: three different reasons, three policies.
 *
 * @param noData      the store answers but knows no such series ({@code linnet.dev/on-no-data})
 * @param noTraffic   there was nothing to measure ({@code linnet.dev/on-no-traffic})
 * @param metricsDown the store does not answer ({@code linnet.dev/on-metrics-down})
 */
public record TroublePolicy(OnTrouble noData, OnTrouble noTraffic, OnTrouble metricsDown) {
    public static final TroublePolicy AS_FLAGGER = new TroublePolicy(OnTrouble.FAIL, OnTrouble.FAIL, OnTrouble.FAIL);
}
