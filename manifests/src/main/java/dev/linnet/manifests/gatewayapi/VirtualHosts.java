package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.gatewayapi.Attachments.Attached;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of each host, in the order in which they are to be asked (spec §6.3.2, §6.5.3). All Gateways share the gateway's addresses, so their
 * listeners of one port and hostname are as one. A host belongs to the listener with the most specific hostname, and meets nothing but the
 * routes of that one.
 */
final class VirtualHosts {

    private final Map<Door, Map<HttpRoute, Set<Hostname>>> doors = new LinkedHashMap<>();
    private final Map<Door, ObjectRef> sources = new LinkedHashMap<>();
    private final Set<Hostname> hostnames = new LinkedHashSet<>();

    /** Listeners of one kind and hostname. */
    private record Door(boolean secure, Hostname hostname) {}

    VirtualHosts(Collection<EdgeGateway> gateways, Collection<Attached> attached) {
        for (EdgeGateway gateway : gateways) {
            for (Listener listener : gateway.served()) {
                Door door = door(listener);
                doors.putIfAbsent(door, new LinkedHashMap<>());
                sources.putIfAbsent(door, gateway.object().ref());
                hostnames.add(listener.hostname());
            }
        }
        for (Attached each : attached) {
            if (each.gateway().serves(each.listener())) {
                doors.getOrDefault(door(each.listener()), new LinkedHashMap<>())
                        .computeIfAbsent(each.route(), _ -> new LinkedHashSet<>())
                        .addAll(each.hostnames());
                hostnames.addAll(each.hostnames());
            }
        }
    }

    private static Door door(Listener listener) {
        return new Door(listener.secure(), listener.hostname());
    }

    /** By host, as rules spell it. */
    Map<String, List<Rule>> rules() {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        hostnames.stream()
                .sorted(Hostname.MOST_SPECIFIC_FIRST.thenComparing(Hostname::text))
                .forEach(hostname -> {
                    List<Rule> ofHost = new ArrayList<>();
                    for (boolean secure : new boolean[] {false, true}) {
                        best(secure, hostname).ifPresent(door -> ofHost.addAll(rules(door, hostname)));
                    }
                    rules.put(hostname.ofRule(), ofHost.isEmpty() ? List.of(nothing(hostname)) : ofHost);
                });
        return rules;
    }

    private Optional<Door> best(boolean secure, Hostname hostname) {
        return doors.keySet().stream()
                .filter(door -> door.secure == secure && door.hostname.covers(hostname))
                .min(Comparator.comparing(Door::hostname, Hostname.MOST_SPECIFIC_FIRST));
    }

    private List<Rule> rules(Door door, Hostname hostname) {
        RouteRules rules = new RouteRules(hostname.ofRule(), List.of(new Part.Secure(door.secure)));
        doors.getOrDefault(door, Map.of())
                .forEach((route, names) -> names.stream()
                        .filter(name -> name.covers(hostname))
                        .min(Hostname.MOST_SPECIFIC_FIRST)
                        .ifPresent(name -> rules.add(name, route)));
        return rules.inOrder();
    }

    /** So that the host does not fall to a less specific listener. Asked last: it goes by its path. */
    private Rule nothing(Hostname hostname) {
        ObjectRef source = best(false, hostname)
                .or(() -> best(true, hostname))
                .map(sources::get)
                .orElseThrow();
        return new Rule(
                hostname.ofRule(),
                new PathMatch.Prefix("/"),
                ServiceRef.NOBODY,
                List.of(),
                source,
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(RouteRules.NOTHING));
    }
}
