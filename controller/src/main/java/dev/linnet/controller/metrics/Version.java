package dev.linnet.controller.metrics;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.util.Set;

/** Whose requests: which of a gateway's counters are those of a version. */
sealed interface Version {
    boolean has(SeriesCounts series);

    /**
     * Of routes that an Ingress makes.
     *
     * @param route  what their names begin with: {@code test/podinfo }
     * @param canary whether it is the canary
     */
    record OfRoute(String route, boolean canary) implements Version {
        @Override
        public boolean has(SeriesCounts series) {
            return series.route().startsWith(route) && series.side().equals(canary ? "canary" : "primary");
        }
    }

    /**
     * Whichever route they took, copies of a mirror included: so it is seen where several routes lead to one version.
     *
     * @param services as {@code namespace/name}
     */
    record OfServices(Set<String> services) implements Version {
        public OfServices {
            services = Set.copyOf(services);
        }

        @Override
        public boolean has(SeriesCounts series) {
            int colon = series.service().indexOf(':');
            return colon > 0 && services.contains(series.service().substring(0, colon));
        }
    }
}
