package dev.linnet.routing.policy;

import dev.linnet.routing.ObjectRef;
import java.time.Duration;
import java.util.Optional;

/**
 * What holds for all requests to one port of a Service, or to a subset of it, whichever rule leads there (Istio's DestinationRule, spec
 * §2.6). Numbers are those of one gateway: gateways do not share them.
 *
 * @param pool     how much it is asked at once
 * @param outliers when an endpoint is left out for a while; empty for never
 * @param security how endpoints are spoken to where rules do not say; empty for in the clear
 * @param version  of HTTP that endpoints are spoken to in, where rules do not say
 */
public record TrafficPolicy(Pool pool, Optional<Outliers> outliers, Optional<Security> security, Version version) {
    /** Asks for nothing. */
    public static final TrafficPolicy NONE = of(Pool.UNLIMITED, Optional.empty());

    /** One that leaves to rules how endpoints are spoken to. */
    public static TrafficPolicy of(Pool pool, Optional<Outliers> outliers) {
        return new TrafficPolicy(pool, outliers, Optional.empty(), Version.HTTP_1);
    }

    /** The same for a port that says that HTTP/2 is spoken there. Where more is said than that, that counts. */
    public TrafficPolicy overHttp2() {
        return version == Version.HTTP_1 ? new TrafficPolicy(pool, outliers, security, Version.HTTP_2_BY_PORT) : this;
    }

    /** A version of HTTP. */
    public enum Version {
        HTTP_1,
        /** For rules of Istio and Gateway API: Ingresses do not go by what ports say. */
        HTTP_2_BY_PORT,
        HTTP_2,
        /** Whichever the client speaks. */
        OF_CLIENT
    }

    /**
     * How endpoints are spoken to.
     *
     * @param source the object that says so
     * @param where  the field of it that names the Secret, if one is named
     */
    public record Security(Upstream upstream, ObjectRef source, String where) {}

    /**
     * How much is asked at once. Of all but {@code pending}, zero is for any number.
     *
     * @param connections           busy with a request each; further requests wait in line
     * @param pending               requests in line, at most; more are answered 503
     * @param requests              at once, at most; more are answered 503, and none wait
     * @param retries               requests at once of which another endpoint was asked
     * @param requestsPerConnection after so many a connection is closed
     * @param connect               time to connect; empty for what the rule says
     */
    public record Pool(
            int connections,
            int pending,
            int requests,
            int retries,
            int requestsPerConnection,
            Optional<Duration> connect) {
        /** As long as the longest line may be: one without an end would hold memory without an end. */
        public static final int LONGEST_LINE = 1024;

        public static final Pool UNLIMITED = new Pool(0, LONGEST_LINE, 0, 0, 0, Optional.empty());

        /** Whether requests have to be counted. */
        public boolean counts() {
            return connections > 0 || requests > 0 || retries > 0;
        }
    }

    /**
     * When an endpoint is left out. Of the three counts, zero is for never.
     *
     * @param errors          answers of 500 and more in a row, failures to get any counted with them
     * @param gatewayErrors   answers 502, 503 and 504 in a row, likewise
     * @param localErrors     failures to get any answer in a row; where it is not zero, the other two do not count them
     * @param interval        how often it is looked whether endpoints may come back
     * @param base            for how long it is left out the first time, twice that the second time, and so on
     * @param mostPercent     of the endpoints that may be left out at once; one may be in any case
     * @param healthyPercent  where fewer are left, all are asked
     */
    public record Outliers(
            int errors,
            int gatewayErrors,
            int localErrors,
            Duration interval,
            Duration base,
            int mostPercent,
            int healthyPercent) {
        /** Nobody is left out for longer, unless the first time is. */
        private static final Duration LONGEST = Duration.ofMinutes(5);

        /** @param times how often it was left out lately, this time included */
        public Duration lasting(int times) {
            Duration wanted = base.multipliedBy(times);
            Duration longest = base.compareTo(LONGEST) > 0 ? base : LONGEST;
            return wanted.compareTo(longest) > 0 ? longest : wanted;
        }

        /**
         * Whether one more may be left out.
         *
         * @param out how many are
         * @param all how many endpoints there are
         */
        public boolean admits(int out, int all) {
            return out == 0 || 100L * (out + 1) <= (long) mostPercent * all;
        }

        /** Whether so few are left that none is left out. */
        public boolean panics(int out, int all) {
            return 100L * (all - out) < (long) healthyPercent * all;
        }
    }
}
