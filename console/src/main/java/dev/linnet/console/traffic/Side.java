package dev.linnet.console.traffic;

import dev.linnet.numbers.Series;
import dev.linnet.numbers.Snapshot.SeriesCounts;

/**
 * Whose requests: a version of a release.
 *
 * @param route   what the names of its routes begin with, {@code test/podinfo }; empty where no Ingress routes for it
 * @param service namespace and name of the Service that callers use, {@code test/podinfo}
 * @param canary  whether it is the canary
 */
record Side(String route, String service, boolean canary) {
    boolean has(SeriesCounts series) {
        if (!route.isEmpty()) {
            return series.route().startsWith(route) && series.side().equals(canary ? "canary" : "primary");
        }
        return !series.side().equals(Series.MIRROR)
                && series.service().startsWith(service + (canary ? "-canary:" : "-primary:"));
    }
}
