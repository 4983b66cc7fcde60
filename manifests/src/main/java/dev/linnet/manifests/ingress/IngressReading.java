package dev.linnet.manifests.ingress;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Upstream;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one Ingress asks for, read by itself. Equal readings route equally.
 *
 * @param object   the Ingress
 * @param created  when it was made: the older wins
 * @param role     what its routes are for
 * @param routes   in the order of the object
 * @param references the ConfigMaps that it names: a change of one is a change of it
 * @param tls      how its hosts are secured
 * @param problems what is wrong with it, whatever its neighbours say
 */
public record IngressReading(
        ObjectRef object,
        Instant created,
        Role role,
        List<Route> routes,
        Set<ObjectRef> references,
        IngressTls tls,
        List<Problem> problems) {

    /** Oldest first; objects of the same second by namespace and name. */
    public static final Comparator<IngressReading> OLDEST_FIRST = Comparator.comparing(IngressReading::created)
            .thenComparing(reading -> reading.object().namespace())
            .thenComparing(reading -> reading.object().name());

    public IngressReading {
        routes = List.copyOf(routes);
        references = Set.copyOf(references);
        problems = List.copyOf(problems);
    }

    public Set<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        routes.forEach(route -> hosts.add(route.host()));
        return hosts;
    }

    /** All Secrets that serving it needs. Others are never read. */
    public Set<SecretRef> secrets() {
        Set<SecretRef> secrets = new LinkedHashSet<>();
        tls.secrets().forEach(secrets::add);
        switch (role) {
            case Role.Primary primary -> {
                primary.policy()
                        .upstream()
                        .trust()
                        .flatMap(Upstream.Trust::secret)
                        .ifPresent(secrets::add);
                secrets.addAll(primary.policy().access().secrets());
            }
            case Role.Canary _, Role.Nothing _ -> {}
        }
        return secrets;
    }

    /** Names beyond its hosts that it wants to be served. Somebody else may have them. */
    public Set<String> claims() {
        return switch (role) {
            case Role.Primary primary -> {
                HostWishes wishes = primary.host();
                Set<String> names = new LinkedHashSet<>(wishes.aliases());
                if (wishes.www().isPresent()) {
                    hosts().forEach(host -> HostWishes.otherName(host).ifPresent(names::add));
                }
                yield names;
            }
            case Role.Canary _, Role.Nothing _ -> Set.of();
        };
    }

    /** What the routes of an Ingress are for. */
    public sealed interface Role {
        /**
         * It serves its routes.
         *
         * @param policy what it does with their requests, as far as neighbours have no say in it
         * @param paths  how it wants its paths to be understood
         * @param host   what it asks of its hosts as a whole
         */
        record Primary(Limits limits, Policy policy, PathWishes paths, HostWishes host) implements Role {}

        /**
         * It offers another version to the routes of a primary.
         *
         * @param balancing which of its endpoints get requests
         * @param sticky    whether sessions hold for it too, where the primary has them
         * @param release   with what it is released together
         */
        record Canary(CanarySelector selector, Balancing balancing, boolean sticky, Optional<JointRelease> release)
                implements Role {}

        /** It is too broken to say what it is. */
        record Nothing() implements Role {}
    }

    /**
     * One path of one host.
     *
     * @param fallback whether it stands for {@code spec.defaultBackend}: any explicit {@code /} comes first
     * @param where    the field that says so: {@code spec.rules[0].http.paths[1]}
     */
    public record Route(String host, PathMatch path, ServiceRef backend, boolean fallback, String where) {
        @Override
        public String toString() {
            return describe(host, path);
        }

        static String describe(String host, PathMatch path) {
            return path.type() + " " + (host.isEmpty() ? "*" : host) + path.path();
        }
    }
}
