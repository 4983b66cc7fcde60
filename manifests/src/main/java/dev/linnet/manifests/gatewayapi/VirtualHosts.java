package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.Door;
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
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rules of each host, in the order in which they are to be asked (spec §6.3.2, §6.5.3). All Gateways share the gateway's addresses, so their
 * listeners of one port and hostname are as one. A host belongs to the listener with the most specific hostname, and meets nothing but the
 * routes of that one; over TLS also none but connections that were made for a host of it.
 */
final class VirtualHosts {
    private final Map<Behind, Map<HttpRoute, Set<Hostname>>> doors = new LinkedHashMap<>();
    private final Map<Behind, ObjectRef> sources = new LinkedHashMap<>();
    private final Set<Place> places = new LinkedHashSet<>();

    /** Listeners of one kind, port and hostname. */
    private record Behind(Door door, Hostname hostname) {}

    /** A hostname at the usual ports, or at another one. */
    private record Place(String suffix, Hostname hostname) {
        static final Comparator<Place> FIRST = Comparator.comparing(Place::hostname, Hostname.MOST_SPECIFIC_FIRST)
                .thenComparing(place -> place.hostname.text())
                .thenComparing(Place::suffix);

        String host() {
            return hostname.ofRule() + suffix;
        }
    }

    VirtualHosts(Collection<EdgeGateway> gateways, Collection<Attached> attached) {
        for (EdgeGateway gateway : gateways) {
            for (Listener listener : gateway.served()) {
                Behind door = behind(listener);
                doors.putIfAbsent(door, new LinkedHashMap<>());
                sources.putIfAbsent(door, gateway.object().ref());
                places.add(new Place(listener.door().suffix(), listener.hostname()));
            }
        }
        for (Attached each : attached) {
            if (each.gateway().serves(each.listener())) {
                doors.getOrDefault(behind(each.listener()), new LinkedHashMap<>())
                        .computeIfAbsent(each.route(), _ -> new LinkedHashSet<>())
                        .addAll(each.hostnames());
                each.hostnames()
                        .forEach(name ->
                                places.add(new Place(each.listener().door().suffix(), name)));
            }
        }
    }

    private static Behind behind(Listener listener) {
        return new Behind(listener.door(), listener.hostname());
    }

    /** By host, as rules spell it. */
    Map<String, List<Rule>> rules() {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        places.stream().sorted(Place.FIRST).forEach(place -> {
            List<Rule> ofHost = new ArrayList<>();
            for (boolean secure : new boolean[] {false, true}) {
                best(secure, place).ifPresent(door -> ofHost.addAll(rules(door, place)));
            }
            rules.put(place.host(), told(place, ofHost.isEmpty() ? List.of(nothing(place)) : ofHost));
        });
        return rules;
    }

    /** Which listener over TLS the host belongs to: connections that were made for others do not serve it. */
    private List<Rule> told(Place place, List<Rule> rules) {
        return best(true, place)
                .map(door -> door.hostname.text().isEmpty() ? "*" : door.hostname.text())
                .map(listener -> rules.stream()
                        .map(rule -> rule.withPolicy(rule.policy().withListener(listener)))
                        .toList())
                .orElse(rules);
    }

    private Optional<Behind> best(boolean secure, Place place) {
        return doors.keySet().stream()
                .filter(behind -> behind.door.secure() == secure
                        && behind.door.suffix().equals(place.suffix)
                        && behind.hostname.covers(place.hostname))
                .min(Comparator.comparing(Behind::hostname, Hostname.MOST_SPECIFIC_FIRST));
    }

    private List<Rule> rules(Behind door, Place place) {
        Hostname hostname = place.hostname;
        RouteRules rules = new RouteRules(
                place.host(),
                List.of(new Part.Secure(door.door.secure())),
                door.door.isFree() ? OptionalInt.of(door.door.port()) : OptionalInt.empty());
        doors.getOrDefault(door, Map.of())
                .forEach((route, names) -> names.stream()
                        .filter(name -> name.covers(hostname))
                        .min(Hostname.MOST_SPECIFIC_FIRST)
                        .ifPresent(name -> rules.add(name, route)));
        return rules.inOrder();
    }

    /** So that the host does not fall to a less specific listener. Asked last: it goes by its path. */
    private Rule nothing(Place place) {
        ObjectRef source =
                best(false, place).or(() -> best(true, place)).map(sources::get).orElseThrow();
        return new Rule(
                place.host(),
                new PathMatch.Prefix("/"),
                ServiceRef.NOBODY,
                List.of(),
                source,
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(RouteRules.NOTHING));
    }
}
