package dev.linnet.numbers;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.util.Set;

/**
 * Whose requests: which of a gateway's counters are those of a version in a release. A request is counted where it is led to a Pod: by a gateway
 * at the edge or by one inside the cluster, never by both, because those at the edge lead to Pods also where a Service leads to the others.
 */
public sealed interface Version {
    boolean has(SeriesCounts series);

    /** An Ingress names the Service that callers use, whichever version it is led to. */
    static Version ofIngress(String namespace, String ingress, boolean canary) {
        return new OfRoute(namespace + "/" + ingress + " ", canary);
    }

    /**
     * Routes other than Ingresses name the versions; who meets none of them meets the primary.
     *
     * @param service that callers use
     */
    static Version ofService(String namespace, String service, boolean canary) {
        String name = namespace + "/" + service;
        return new OfServices(canary ? Set.of(name + "-canary") : Set.of(name + "-primary", name));
    }

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
