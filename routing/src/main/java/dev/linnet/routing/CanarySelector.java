package dev.linnet.routing;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * Which requests a canary takes, asked in this order: header, cookie, matches, share (spec of ingress-nginx, §1.6; the matches are
 * ours).
 *
 * @param header   a rule on one request header
 * @param cookie   a rule on one cookie
 * @param matches  combined rules: the first that holds takes the request
 * @param share    the part of the remaining requests
 * @param spread   how that part is picked out
 * @param failover whether this canary and the primary stand in for one another where one of them cannot serve
 */
public record CanarySelector(
        Optional<HeaderRule> header,
        Optional<CookieRule> cookie,
        List<MatchRule> matches,
        Share share,
        Spread spread,
        boolean failover) {

    public CanarySelector {
        matches = List.copyOf(matches);
    }

    /** What ingress-nginx knows: a header, the words of a cookie, a share by chance. */
    public CanarySelector(Optional<HeaderRule> header, Optional<String> cookie, Share share) {
        this(header, cookie.map(CookieRule.AlwaysNever::new), List.of(), share, new Spread.Random(), false);
    }

    public CanarySelector withCookie(CookieRule other) {
        return new CanarySelector(header, Optional.of(other), matches, share, spread, failover);
    }

    public CanarySelector withMatches(List<MatchRule> other) {
        return new CanarySelector(header, cookie, other, share, spread, failover);
    }

    public CanarySelector withShare(Share other) {
        return new CanarySelector(header, cookie, matches, other, spread, failover);
    }

    public CanarySelector withSpread(Spread other) {
        return new CanarySelector(header, cookie, matches, share, other, failover);
    }

    public CanarySelector withFailover(boolean other) {
        return new CanarySelector(header, cookie, matches, share, spread, other);
    }

    /** Whether no request can ever be selected. */
    public boolean selectsNothing() {
        return header.isEmpty() && cookie.isEmpty() && matches.isEmpty() && share.weight() == 0;
    }

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

    /** A rule on one cookie. Names are compared without case. */
    public sealed interface CookieRule {
        String name();

        /** {@code always} takes the request, {@code never} refuses it, anything else asks the next rule. */
        record AlwaysNever(String name) implements CookieRule {}

        /** This very value takes the request, {@code never} refuses it, anything else asks the next rule. */
        record Value(String name, String value) implements CookieRule {}
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

    /** How a share is picked out of the requests. */
    public sealed interface Spread {

        /** Each request by itself, by chance. */
        record Random() implements Spread {}

        /** In turns, as evenly as can be: after any number of requests, each event loop is within one request of the share. */
        record Exact() implements Spread {}

        /**
         * By who asks: a user whose hash lies under the share has the canary, so raising the share only adds users. Without a key
         * that could be hashed a request stays with the primary, unless the share is the whole.
         */
        record Sticky(UserKey key) implements Spread {}
    }

    /** By what a user is known again. */
    public sealed interface UserKey {
        /** The name of the cookie that {@link IssuedCookie} means. */
        String ISSUED_COOKIE_NAME = "linnet-user";

        /** A cookie that we set where it is missing. */
        record IssuedCookie() implements UserKey {}

        /** A cookie that somebody else sets. */
        record Cookie(String name) implements UserKey {}

        record Header(String name) implements UserKey {}

        /** The client's address; of an IPv6 address its network of 64 bits, in which a device changes its address at will. */
        record Address() implements UserKey {}
    }
}
