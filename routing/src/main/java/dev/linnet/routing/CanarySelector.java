package dev.linnet.routing;

import com.google.re2j.Pattern;
import java.util.Optional;

/**
 * Which requests a canary takes, in this order: header, cookie, share (spec of ingress-nginx, §1.6).
 *
 * @param header a rule on one request header
 * @param cookie name of the cookie whose value {@code always} or {@code never} decides
 * @param share  the part of the remaining requests
 */
public record CanarySelector(Optional<HeaderRule> header, Optional<String> cookie, Share share) {

    /** A rule on one header. Names are compared without case, and with {@code _} equal to {@code -}. */
    public sealed interface HeaderRule {
        String name();

        /** {@code always} takes the request, {@code never} refuses it, anything else asks the next rule. */
        record AlwaysNever(String name) implements HeaderRule {}

        /** This very value takes the request, anything else asks the next rule. */
        record Value(String name, String value) implements HeaderRule {}

        /** A value in which the pattern is found takes the request, anything else asks the next rule. */
        record Matches(String name, Pattern pattern) implements HeaderRule {}

        /** A pattern that cannot be compiled: a request that carries the header stays with the primary (§1.6, step 7). */
        record Broken(String name, String pattern) implements HeaderRule {}
    }

    /**
     * {@code weight} in {@code total}.
     *
     * @param weight 0 to {@code total}
     * @param total  at least 1
     */
    public record Share(int weight, int total) {
        public static final Share NONE = new Share(0, 100);

        public Share {
            if (total < 1 || weight < 0 || weight > total) {
                throw new IllegalArgumentException("weight is " + weight + " of " + total + " (expected: 0 to total)");
            }
        }
    }
}
