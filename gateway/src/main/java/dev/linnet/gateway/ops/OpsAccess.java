package dev.linnet.gateway.ops;

/**
 * Who may read what where it is not shown on loopback. Whether the gateway lives and is ready is no secret anywhere.
 *
 * @param bearers        whose tokens open {@code /linnet/v1/…}
 * @param protectMetrics whether they alone open {@code /metrics}, too; ingress-nginx shows its metrics to everybody
 */
public record OpsAccess(Bearers bearers, boolean protectMetrics) {
    public static final OpsAccess DEFAULT = new OpsAccess(Bearers.NOBODY, false);
}
