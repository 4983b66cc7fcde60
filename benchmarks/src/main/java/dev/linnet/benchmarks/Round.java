package dev.linnet.benchmarks;

/**
 * One measurement of one proxy.
 *
 * @param proxy             who
 * @param requestsPerSecond finished requests
 * @param cpuMicros         CPU microseconds of the proxy per request, user and system
 * @param p50Micros         median latency in microseconds
 * @param p99Micros         99th percentile
 * @param errors            requests that failed
 * @param canaryShare       part of the requests that the canary answered
 * @param megabytes         of memory that the proxy holds, resident
 * @param noise             cores that other processes used meanwhile
 */
record Round(
        String proxy,
        double requestsPerSecond,
        double cpuMicros,
        double p50Micros,
        double p99Micros,
        long errors,
        double canaryShare,
        long megabytes,
        double noise) {

    /** The rule, fixed beforehand: others had more than a fifth of a core. Noisy rounds are marked, never dropped. */
    boolean noisy() {
        return noise > 0.2;
    }
}
