package dev.linnet.manifests.istio;

import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.ServiceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All ServiceEntries. Of several for one host the oldest counts. */
final class ServiceEntries {
    private final Map<String, ServiceEntry> byHost = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param entries oldest first */
    ServiceEntries(Collection<ServiceEntry> entries) {
        for (ServiceEntry entry : entries) {
            problems.addAll(entry.problems());
            entry.hosts().keySet().forEach(host -> {
                ServiceEntry older = byHost.putIfAbsent(host, entry);
                if (older != null) {
                    problems.add(new Problem(
                            entry.object().ref(),
                            Reason.ROUTE_TAKEN,
                            "spec.hosts",
                            "names " + host + ", which the older "
                                    + older.object().ref() + " already has"));
                }
            });
        }
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** A host as a destination of one who is in this namespace; empty if it is none. */
    Optional<ServiceRef> find(String host, String port, String client) {
        return Optional.ofNullable(byHost.get(host))
                .filter(entry -> entry.isVisibleIn(client))
                .map(entry -> new ServiceRef(entry.object().ref().namespace(), host, port));
    }

    /** Whether a host is known, but not to one who is in this namespace. */
    boolean hides(String host, String client) {
        return byHost.containsKey(host) && find(host, "", client).isEmpty();
    }

    /** Where they are found, by the namespace of who says so, and their name. */
    Map<ServiceName, OutsideHost> hosts() {
        Map<ServiceName, OutsideHost> hosts = new HashMap<>();
        byHost.forEach((host, entry) -> hosts.put(
                new ServiceName(entry.object().ref().namespace(), host),
                entry.hosts().get(host)));
        return hosts;
    }
}
