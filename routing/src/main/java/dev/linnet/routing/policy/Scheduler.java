package dev.linnet.routing.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How endpoints are chosen where nothing ties a client to one: the schedulers of IPVS (spec of ingress-nginx, Appendix A) and ewma. The unit
 * is a request. All endpoints weigh 1, so {@link #WRR} is {@link #RR}, and {@link #WLC}, {@link #SED} and {@link #NQ} are {@link #LC}.
 */
public enum Scheduler {
    /** In turn. */
    RR,
    /** In turn, by weight. */
    WRR,
    /** The endpoint with the fewest requests in flight. */
    LC,
    /** The same, by weight. */
    WLC,
    /** Shortest expected delay. */
    SED,
    /** Never queue: an idle endpoint if there is one. */
    NQ,
    /** By the client's address, by a table: a change of endpoints moves most clients. */
    SH,
    /** By the requested host, likewise. */
    DH,
    /** By the client's address, by Maglev's table: a change of endpoints moves few clients. */
    MH,
    /** The lower of two random endpoints' average response times. */
    EWMA;

    /** As annotations spell it: {@code sh}. */
    public static Optional<Scheduler> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.spelled().equals(name))
                .findFirst();
    }

    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
