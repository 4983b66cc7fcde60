package dev.linnet.apiserver.kinds;

import java.math.BigInteger;

/** Values that are a number or a text: ports, and counts that may be percentages. */
final class PortRules {
    private static final String PERCENT =
            "a valid percent string must be a numeric string followed by an ending '%' (e.g."
                    + " '1%',  or '93%', regex used for validation is '[0-9]+%')";

    private PortRules() {}

    static void checkNumberOrName(Field port, Violations violations) {
        if (port.value().isTextual()) {
            violations.invalid(port, Names.portName(port.text()));
        } else {
            violations.invalid(port, port.number(), Names.portNumber(port.number()));
        }
    }

    /** A count of Pods, or a percentage of them. */
    static void checkCountOrPercent(Field count, Violations violations) {
        if (count.value().isTextual()) {
            if (!isPercent(count)) {
                violations.invalid(count, PERCENT);
            }
        } else {
            violations.notNegative(count);
        }
    }

    static void checkAtMostAll(Field count, Violations violations) {
        if (isPercent(count) && magnitude(count) > 100) {
            violations.invalid(count, "must not be greater than 100%");
        }
    }

    static boolean isPercent(Field count) {
        return count.text().matches("[0-9]+%");
    }

    /** The number before the percent sign, or the count itself. */
    static long magnitude(Field count) {
        if (!isPercent(count)) {
            return count.number();
        }
        BigInteger percent = new BigInteger(count.text().replace("%", ""));
        return percent.bitLength() < Long.SIZE ? percent.longValue() : Long.MAX_VALUE;
    }
}
