package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * How far a rolling update may leave the wanted number of Pods.
 *
 * @param surge       Pods above it
 * @param unavailable Pods below it that may be missing
 */
record Limits(int surge, int unavailable) {
    private static final IntOrString DEFAULT = new IntOrString("25%");

    /** Percentages of the wanted number: surge is rounded up, unavailable down. Never are both 0, or nothing could move. */
    static Limits of(Deployment deployment) {
        int wanted = Sizes.wanted(deployment);
        if (!isRolling(deployment)) {
            return new Limits(0, 0);
        }
        var rolling = deployment.getSpec().getStrategy() == null
                ? null
                : deployment.getSpec().getStrategy().getRollingUpdate();
        int surge = resolve(rolling == null ? null : rolling.getMaxSurge(), wanted, true);
        int unavailable = resolve(rolling == null ? null : rolling.getMaxUnavailable(), wanted, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new Limits(surge, Math.min(unavailable, wanted));
    }

    static boolean isRolling(Deployment deployment) {
        var strategy = deployment.getSpec().getStrategy();
        return strategy == null || !"Recreate".equals(strategy.getType());
    }

    private static int resolve(@Nullable IntOrString limit, int wanted, boolean up) {
        IntOrString given = limit == null ? DEFAULT : limit;
        if (given.getIntVal() != null) {
            return Math.max(0, given.getIntVal());
        }
        String text = given.getStrVal();
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException("limit is " + text + " (expected: a whole number or a percentage)");
        }
        long share = (long) wanted * Integer.parseInt(text.substring(0, text.length() - 1));
        return Math.toIntExact(up ? Math.ceilDiv(share, 100) : Math.floorDiv(share, 100));
    }
}
