package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.Share;
import java.math.BigInteger;
import java.util.List;

/**
 * The weights of a route's canaries, added up, so that one draw decides between all of them. Sums are exact fractions, rounded once
 * to 62 bits: shares that add up to the whole leave nothing to the primary.
 */
final class Shares {
    private static final int BITS = 62;

    /** For canary {@code i}, the part of all draws that are below its upper limit. Never falls. */
    private final long[] upTo;

    private Shares(long[] upTo) {
        this.upTo = upTo;
    }

    static Shares of(List<Share> shares) {
        long[] upTo = new long[shares.size()];
        BigInteger numerator = BigInteger.ZERO;
        BigInteger denominator = BigInteger.ONE;
        for (int i = 0; i < upTo.length; i++) {
            BigInteger weight = BigInteger.valueOf(shares.get(i).weight());
            BigInteger total = BigInteger.valueOf(shares.get(i).total());
            numerator = numerator.multiply(total).add(weight.multiply(denominator));
            denominator = denominator.multiply(total);
            BigInteger common = numerator.gcd(denominator);
            numerator = numerator.divide(common);
            denominator = denominator.divide(common);
            upTo[i] = numerator
                    .min(denominator)
                    .shiftLeft(BITS)
                    .divide(denominator)
                    .longValueExact();
        }
        return new Shares(upTo);
    }

    boolean isNothing() {
        return upTo.length == 0 || upTo[upTo.length - 1] == 0;
    }

    /** Whether the canaries together take every request. */
    boolean isWhole() {
        return upTo.length > 0 && upTo[upTo.length - 1] == 1L << BITS;
    }

    /** Which canary a random number hits, negative for the primary. */
    int hit(long random) {
        long draw = random >>> (Long.SIZE - BITS);
        for (int i = 0; i < upTo.length; i++) {
            if (draw < upTo[i]) {
                return i;
            }
        }
        return -1;
    }

    /** The part of the draws that hit this canary, 0 to 1. */
    double of(int canary) {
        return Math.scalb((double) (upTo[canary] - (canary == 0 ? 0 : upTo[canary - 1])), -BITS);
    }
}
