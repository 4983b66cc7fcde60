package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.Share;
import java.math.BigInteger;
import java.util.List;

/**
 * The weights of a route's canaries. Canaries are dealt to one after the other, so each one's weight is kept as a part of what the
 * older ones leave: then each may pick its requests in its own way, and the weights still add up. Exact fractions, rounded once to
 * 62 bits: shares that add up to the whole leave nothing to the primary.
 */
final class Shares {
    /** A part is at most this. */
    static final long WHOLE = 1L << 62;

    private static final Shares NONE = new Shares(new long[0], false);

    private final long[] parts;
    private final boolean whole;

    private Shares(long[] parts, boolean whole) {
        this.parts = parts;
        this.whole = whole;
    }

    static Shares of(List<Share> all) {
        if (all.isEmpty()) {
            return NONE;
        }
        long[] parts = new long[all.size()];
        BigInteger left = BigInteger.ONE;
        BigInteger of = BigInteger.ONE;
        for (int i = 0; i < parts.length; i++) {
            BigInteger total = BigInteger.valueOf(all.get(i).total());
            BigInteger leftOfBoth = left.multiply(total);
            BigInteger taken =
                    BigInteger.valueOf(all.get(i).weight()).multiply(of).min(leftOfBoth);
            parts[i] = left.signum() == 0 ? 0 : part(taken, leftOfBoth);
            of = of.multiply(total);
            left = leftOfBoth.subtract(taken);
            BigInteger common = left.gcd(of);
            left = left.divide(common);
            of = of.divide(common);
        }
        return new Shares(parts, left.signum() == 0);
    }

    private static long part(BigInteger numerator, BigInteger denominator) {
        return numerator.multiply(BigInteger.valueOf(WHOLE)).divide(denominator).longValueExact();
    }

    static long part(Share share) {
        return part(BigInteger.valueOf(share.weight()), BigInteger.valueOf(share.total()));
    }

    /** Whether the canaries together take every request. */
    boolean isWhole() {
        return whole;
    }

    /** What this canary takes of the requests that older ones have not taken, in 62 bits. */
    long part(int canary) {
        return parts[canary];
    }
}
