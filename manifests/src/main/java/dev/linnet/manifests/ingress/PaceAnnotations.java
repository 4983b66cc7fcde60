package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Pace;

/** How fast answers go to clients (spec of ingress-nginx, §4.4): in kilobytes, whatever its documentation says. */
final class PaceAnnotations {
    static final String RATE = "limit-rate";
    static final String AFTER = "limit-rate-after";

    static final int KILOBYTE = 1024;

    /** A gigabyte a second. */
    static final int MOST = 1 << 20;

    private PaceAnnotations() {}

    static Pace read(Annotations annotations) {
        Pace usual = annotations.options().pace();
        return new Pace(
                bytes(annotations, RATE, MOST, usual.perSecond()),
                bytes(annotations, AFTER, Integer.MAX_VALUE, usual.free()));
    }

    private static long bytes(Annotations annotations, String name, int most, long usual) {
        var kilobytes = annotations.wholeNumber(
                name, 0, most, "kilobytes as a whole number" + (most == MOST ? ", " + MOST + " at most" : ""));
        return kilobytes.isPresent() ? (long) kilobytes.getAsInt() * KILOBYTE : usual;
    }
}
