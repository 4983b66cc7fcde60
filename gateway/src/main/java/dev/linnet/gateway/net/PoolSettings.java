package dev.linnet.gateway.net;

import dev.linnet.routing.policy.GlobalPolicy.Upstreams;
import java.time.Duration;

/**
 * How connections to endpoints are kept (spec of ingress-nginx, §3.4).
 *
 * @param idle        how many may wait longer than a second, for each event loop; 0 keeps none
 * @param idleTimeout how long one waits
 * @param lifetime    how old one gets
 * @param exchanges   how many one serves
 */
public record PoolSettings(int idle, Duration idleTimeout, Duration lifetime, int exchanges) {
    public static final PoolSettings DEFAULT =
            new PoolSettings(320, Duration.ofSeconds(60), Duration.ofHours(1), 10_000);

    /** These, but for what somebody has asked for. */
    PoolSettings with(Upstreams wanted) {
        return wanted.isUnsaid()
                ? this
                : new PoolSettings(
                        wanted.idle().orElse(idle),
                        wanted.timeout().orElse(idleTimeout),
                        wanted.lifetime().orElse(lifetime),
                        wanted.exchanges().orElse(exchanges));
    }
}
