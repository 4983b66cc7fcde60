package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.manifests.ingress.IngressReading.Route;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceBackendPort;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one Ingress by itself (spec of ingress-nginx, §1.2 to §1.4, §2.1, §3.9). Words that thousands of objects have in common, such as
 * {@code /} and {@code spec.rules[0]}, are interned: they are most of what is kept of each.
 */
public final class IngressReader {
    private final ObjectRef object;
    private final List<Route> routes = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private boolean toService;
    private Optional<ServiceRef> last = Optional.empty();

    private IngressReader(ObjectRef object) {
        this.object = object;
    }

    /** With nothing said for all of them. */
    public static IngressReading read(Ingress ingress) {
        return read(ingress, GlobalOptions.DEFAULT, ConfigMaps.NONE);
    }

    /**
     * Reads an object.
     *
     * @param options    what holds where it says nothing
     * @param configMaps where those are found that it names
     */
    public static IngressReading read(Ingress ingress, GlobalOptions options, ConfigMaps configMaps) {
        ObjectRef object = ref(ingress);
        return new IngressReader(object).reading(ingress, options, configMaps);
    }

    public static ObjectRef ref(Ingress ingress) {
        ObjectMeta meta = ingress.getMetadata();
        return new ObjectRef("Ingress", Optional.ofNullable(meta.getNamespace()).orElse("default"), meta.getName());
    }

    private IngressReading reading(Ingress ingress, GlobalOptions options, ConfigMaps configMaps) {
        Annotations annotations = Annotations.of(object, ingress, problems, options, configMaps);
        Role role = CanaryAnnotations.role(annotations);
        toService = BalanceAnnotations.toService(annotations);
        UnobeyedAnnotations.report(annotations, role);
        IngressTls tls = switch (role) {
            case Role.Primary _ -> {
                spec(ingress).ifPresent(this::readSpec);
                yield IngressTls.read(ingress, annotations);
            }
            case Role.Canary _ -> {
                spec(ingress).ifPresent(this::readSpec);
                yield IngressTls.NONE; // no business of a canary (§2.8)
            }
            case Role.Nothing _ -> IngressTls.NONE;
        };
        return new IngressReading(object, created(ingress), role, routes, annotations.references(), tls, problems);
    }

    private static Optional<IngressSpec> spec(Ingress ingress) {
        return Optional.ofNullable(ingress.getSpec());
    }

    /** An object without a time comes from a file and will be made now: it is the youngest. */
    private static Instant created(Ingress ingress) {
        try {
            return Optional.ofNullable(ingress.getMetadata().getCreationTimestamp())
                    .map(Instant::parse)
                    .orElse(Instant.MAX);
        } catch (DateTimeParseException _) {
            return Instant.MAX;
        }
    }

    private void readSpec(IngressSpec spec) {
        Set<String> hosts = new LinkedHashSet<>();
        List<IngressRule> rules = orEmpty(spec.getRules());
        for (int i = 0; i < rules.size(); i++) {
            readRule(rules.get(i), "spec.rules[" + i + "]").ifPresent(hosts::add);
        }
        if (rules.isEmpty()) {
            hosts.add(""); // A default backend without rules is for every request that nobody else takes.
        }
        Optional.ofNullable(spec.getDefaultBackend())
                .flatMap(backend -> service(backend, "spec.defaultBackend"))
                .ifPresent(service -> hosts.forEach(host ->
                        routes.add(new Route(host, new PathMatch.Prefix("/"), service, true, "spec.defaultBackend"))));
    }

    /** Adds the routes of a rule, and gives its host if it is a good one. */
    private Optional<String> readRule(IngressRule rule, String where) {
        String host = Optional.ofNullable(rule.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (!host.isEmpty() && !HostAnnotations.HOST.matcher(host).matches()) {
            bad(where + ".host", "is \"" + host + "\" (expected: a host name, or \"*.\" and a host name)");
            return Optional.empty();
        }
        List<HTTPIngressPath> paths = Optional.ofNullable(rule.getHttp())
                .map(http -> orEmpty(http.getPaths()))
                .orElseGet(List::of);
        for (int i = 0; i < paths.size(); i++) {
            readPath(host, paths.get(i), (where + ".http.paths[" + i + "]").intern());
        }
        return Optional.of(host);
    }

    private void readPath(String host, HTTPIngressPath path, String where) {
        Optional<PathMatch> match = match(path, where);
        Optional<ServiceRef> service = Optional.ofNullable(path.getBackend())
                .or(() -> bad(where + ".backend", "is missing (expected: a service)"))
                .flatMap(backend -> service(backend, where + ".backend"));
        match.flatMap(m -> service.map(s -> new Route(host, m, s, false, where)))
                .ifPresent(routes::add);
    }

    /** An empty path is {@code /}; without a type, or with {@code ImplementationSpecific}, it is a prefix (§2.1). */
    private Optional<PathMatch> match(HTTPIngressPath path, String where) {
        String text = Optional.ofNullable(path.getPath())
                .filter(p -> !p.isEmpty())
                .orElse("/")
                .intern();
        if (text.charAt(0) != '/') {
            return bad(where + ".path", "is \"" + text + "\" (expected: a path that starts with /)");
        }
        String type = Optional.ofNullable(path.getPathType()).orElse("ImplementationSpecific");
        return switch (type) {
            case "Exact" -> Optional.of(new PathMatch.Exact(text));
            case "Prefix", "ImplementationSpecific" -> Optional.of(new PathMatch.Prefix(text));
            default ->
                bad(
                        where + ".pathType",
                        "is \"" + type + "\" (expected: \"Exact\", \"Prefix\" or \"ImplementationSpecific\")");
        };
    }

    private Optional<ServiceRef> service(IngressBackend backend, String where) {
        if (backend.getResource() != null) {
            notObeyed(
                    where + ".resource",
                    "is not obeyed: requests are not answered from a resource (expected: service)");
            return Optional.empty();
        }
        return Optional.ofNullable(backend.getService())
                .or(() -> bad(where, "names no service (expected: service.name and service.port)"))
                .flatMap(service -> service(service, where + ".service"));
    }

    private Optional<ServiceRef> service(IngressServiceBackend service, String where) {
        Optional<String> name = Optional.ofNullable(service.getName()).filter(n -> !n.isEmpty());
        if (name.isEmpty()) {
            return bad(where + ".name", "is missing (expected: the name of a Service in this namespace)");
        }
        return Optional.ofNullable(service.getPort())
                .flatMap(IngressReader::port)
                .or(() -> bad(where + ".port", "is missing (expected: number or name of a port of the Service)"))
                .map(port -> shared(new ServiceRef(object.namespace(), name.get(), port, toService)));
    }

    /** Paths that follow one another lead to the same Service more often than not. */
    private ServiceRef shared(ServiceRef service) {
        last = last.filter(service::equals).or(() -> Optional.of(service));
        return last.orElseThrow();
    }

    private static Optional<String> port(ServiceBackendPort port) {
        return Optional.ofNullable(port.getNumber())
                .filter(number -> number > 0)
                .map(number -> String.valueOf(number).intern())
                .or(() -> Optional.ofNullable(port.getName()).filter(name -> !name.isEmpty()));
    }

    private void notObeyed(String path, String message) {
        problems.add(new Problem(object, Reason.NOT_OBEYED, path, message));
    }

    private <T> Optional<T> bad(String path, String message) {
        problems.add(new Problem(object, Reason.BAD_SPEC, path, message));
        return Optional.empty();
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return Optional.ofNullable(list).orElseGet(List::of);
    }
}
