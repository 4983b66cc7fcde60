package dev.linnet.manifests.ingress;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.HostMerge.Named;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.manifests.ingress.IngressReading.Route;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All hosts, and who says what about them. An Ingress speaks of the hosts in its rules, and may claim other names for them: aliases,
 * and the name with or without {@code www.} in front (spec of ingress-nginx, §3.10, §4.2). A host with rules of its own keeps them.
 *
 * <p>A change dirties the names whose rules it can change, and no others. Used by one thread.
 */
public final class Hosts {
    private final Map<String, Map<ObjectRef, Named>> naming = new HashMap<>();
    private final Map<String, Map<ObjectRef, IngressReading>> claiming = new HashMap<>();
    private final Set<String> dirty = new HashSet<>();

    /** A name that one host wants beside its own. */
    private record Claim(IngressReading by, String host, boolean isAlias) {
        String annotation() {
            return Annotations.path(Annotations.PREFIX + (isAlias ? HostAnnotations.ALIAS : HostAnnotations.WWW));
        }
    }

    public void put(IngressReading reading) {
        Map<String, List<Route>> byHost = reading.routes().stream().collect(Collectors.groupingBy(Route::host));
        byHost.forEach((host, routes) -> add(naming, host, reading.object(), new Named(reading, routes)));
        reading.claims().forEach(name -> add(claiming, name, reading.object(), reading));
        touch(reading);
    }

    public void remove(IngressReading reading) {
        touch(reading);
        reading.hosts().forEach(host -> take(naming, host, reading));
        reading.claims().forEach(name -> take(claiming, name, reading));
    }

    private static <T> void add(Map<String, Map<ObjectRef, T>> index, String name, ObjectRef object, T entry) {
        index.computeIfAbsent(name, _ -> HashMap.newHashMap(1)).put(object, entry);
    }

    private static <T> void take(Map<String, Map<ObjectRef, T>> index, String name, IngressReading reading) {
        Map<ObjectRef, T> entries = index.getOrDefault(name, new HashMap<>());
        entries.remove(reading.object());
        if (entries.isEmpty()) {
            index.remove(name);
        }
    }

    /** The rules of a host are also those of its other names, whoever claims them. */
    private void touch(IngressReading reading) {
        Set<ObjectRef> heard = new HashSet<>();
        for (String host : reading.hosts()) {
            dirty.add(host);
            naming(host).stream()
                    .map(Named::reading)
                    .filter(neighbour -> heard.add(neighbour.object()))
                    .forEach(neighbour -> dirty.addAll(neighbour.claims()));
        }
    }

    private Collection<Named> naming(String host) {
        return naming.getOrDefault(host, Map.of()).values();
    }

    /** The names whose rules may be others than at the last call, in alphabetical order. */
    public Set<String> takeDirty() {
        Set<String> taken = new TreeSet<>(dirty);
        dirty.clear();
        return taken;
    }

    /** The rules of one name. */
    public Translation translate(String name) {
        Translation own = HostMerge.merge(name, naming(name));
        List<Claim> claims = claims(name);
        List<Problem> problems = new ArrayList<>(own.problems());
        problems.addAll(unheard(name));
        if (claims.isEmpty()) {
            return new Translation(own.rules(), own.tls(), problems);
        }
        if (!own.rules().isEmpty()) {
            ObjectRef owner = own.rules().getFirst().source();
            claims.forEach(claim -> problems.add(taken(claim, name, "which " + owner + " serves itself")));
            return new Translation(own.rules(), own.tls(), problems);
        }
        Claim first = claims.getFirst();
        claims.stream()
                .skip(1)
                .filter(claim -> !claim.host().equals(first.host()))
                .forEach(claim -> problems.add(
                        taken(claim, name, "which the older " + first.by().object() + " has for " + first.host())));
        return translation(first, name, problems);
    }

    private static Problem taken(Claim claim, String name, String why) {
        return new Problem(
                claim.by().object(),
                Reason.ROUTE_TAKEN,
                claim.annotation(),
                "claims " + name + " for " + claim.host() + ", " + why + " (expected: one owner for each host)");
    }

    /** Who claims this name with a right to do so, oldest first. */
    private List<Claim> claims(String name) {
        List<Claim> claims = new ArrayList<>();
        claiming.getOrDefault(name, Map.of()).values().stream()
                .sorted(IngressReading.OLDEST_FIRST)
                .forEach(reading -> {
                    for (String host : reading.hosts()) {
                        if (!host.equals(name)) {
                            claim(reading, host, name).ifPresent(claims::add);
                        }
                    }
                });
        claims.sort(
                Comparator.comparing(Claim::by, IngressReading.OLDEST_FIRST).thenComparing(claim -> !claim.isAlias()));
        return claims;
    }

    private Optional<Claim> claim(IngressReading reading, String host, String name) {
        HostWishes wishes = wishes(reading);
        if (wishes.aliases().contains(name) && speakerForAliases(host).equals(Optional.of(reading))) {
            return Optional.of(new Claim(reading, host, true));
        }
        boolean isOther = wishes.www().isPresent() && HostWishes.otherName(host).equals(Optional.of(name));
        return isOther ? Optional.of(new Claim(reading, host, false)) : Optional.empty();
    }

    private static HostWishes wishes(IngressReading reading) {
        return switch (reading.role()) {
            case Role.Primary primary -> primary.host();
            case Role.Canary _, Role.Nothing _ -> HostWishes.NONE;
        };
    }

    /** What those should know who give an alias to a host that has its aliases from somebody older. */
    private List<Problem> unheard(String name) {
        List<Problem> problems = new ArrayList<>();
        for (IngressReading reading : claiming.getOrDefault(name, Map.of()).values()) {
            if (!wishes(reading).aliases().contains(name)) {
                continue;
            }
            for (String host : reading.hosts()) {
                speakerForAliases(host)
                        .filter(speaker -> !wishes(speaker).aliases().contains(name))
                        .ifPresent(speaker -> problems.add(new Problem(
                                reading.object(),
                                Reason.ROUTE_TAKEN,
                                new Claim(reading, host, true).annotation(),
                                "claims " + name + " for " + host + ", whose other names the older " + speaker.object()
                                        + " has said (expected: all of them there)")));
            }
        }
        return problems;
    }

    /** Only the oldest Ingress that gives a host aliases does. */
    private Optional<IngressReading> speakerForAliases(String host) {
        return naming(host).stream()
                .map(Named::reading)
                .filter(reading -> !wishes(reading).aliases().isEmpty())
                .min(IngressReading.OLDEST_FIRST);
    }

    /** The certificates of the host are also those of its other names. */
    private Translation translation(Claim claim, String name, List<Problem> problems) {
        Translation host = HostMerge.merge(claim.host(), naming(claim.host()));
        List<HostTls> tls = host.tls().stream()
                .map(secured -> new HostTls(name, secured.certificates(), secured.clients()))
                .toList();
        List<Rule> rules = claim.isAlias()
                ? host.rules().stream().map(rule -> rule.withHost(name)).toList()
                : host.rules().stream()
                        .limit(1)
                        .map(rule -> toHost(claim, name, rule.primary()))
                        .toList();
        return new Translation(rules, tls, problems);
    }

    private static Rule toHost(Claim claim, String name, ServiceRef unused) {
        int status = wishes(claim.by()).www().orElseThrow();
        return new Rule(
                name,
                new PathMatch.Prefix("/"),
                unused,
                List.of(),
                claim.by().object(),
                Limits.DEFAULT,
                Policy.NONE.withRedirects(Redirects.NONE.withElsewhere(new Elsewhere.ToHost(status, claim.host()))));
    }
}
