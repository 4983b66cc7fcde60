package dev.linnet.manifests.ingress;

import dev.linnet.routing.CanarySelector.Share;
import java.math.BigInteger;

/** What the canaries of one route have left of its requests. A fraction, because each may count in its own total. */
final class RemainingShare {
    private BigInteger left = BigInteger.ONE;
    private BigInteger whole = BigInteger.ONE;

    /** The wanted share, or as much of it as is left. */
    Share take(Share wanted) {
        BigInteger total = BigInteger.valueOf(wanted.total());
        BigInteger most = left.multiply(total).divide(whole);
        BigInteger granted = most.min(BigInteger.valueOf(wanted.weight()));
        left = left.multiply(total).subtract(granted.multiply(whole));
        whole = whole.multiply(total);
        BigInteger common = left.gcd(whole);
        left = left.divide(common);
        whole = whole.divide(common);
        return new Share(granted.intValueExact(), wanted.total());
    }
}
