package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.Door;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.SecretRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads Gateways and says of each listener whether it can be served (spec §6.3). */
final class GatewayReader {
    private static final Set<String> ADDRESS_TYPES = Set.of("IPAddress", "Hostname");
    private static final String BAD_CERTIFICATE = "InvalidCertificateRef";

    private final Grants grants;
    private final ClusterView view;
    private final Map<Integer, Boolean> doors = new HashMap<>();

    GatewayReader(Grants grants, ClusterView view) {
        this.grants = grants;
        this.view = view;
    }

    EdgeGateway read(GatewayApiObject gateway) {
        List<Listener> listeners = new ArrayList<>();
        int index = 0;
        for (JsonNode listener : gateway.spec().path("listeners")) {
            listeners.add(listener(gateway, listener, "spec.listeners[" + index++ + "]"));
        }
        return new EdgeGateway(gateway, withConflicts(gateway, listeners), unaccepted(gateway));
    }

    private static List<Objection> unaccepted(GatewayApiObject gateway) {
        List<Objection> found = new ArrayList<>();
        if (gateway.spec().path("infrastructure").has("parametersRef")) {
            found.add(Objection.of(
                    gateway.ref(),
                    "InvalidParameters",
                    Reason.BAD_SPEC,
                    "spec.infrastructure.parametersRef",
                    "names parameters, of which Linnet has none"));
        }
        int index = 0;
        for (JsonNode address : gateway.spec().path("addresses")) {
            String type = address.path("type").asText("IPAddress");
            if (!ADDRESS_TYPES.contains(type)) {
                found.add(Objection.of(
                        gateway.ref(),
                        "UnsupportedAddress",
                        Reason.BAD_SPEC,
                        "spec.addresses[" + index + "].type",
                        "is " + type + " (expected: IPAddress or Hostname)"));
            }
            index++;
        }
        return found;
    }

    private Listener listener(GatewayApiObject gateway, JsonNode listener, String where) {
        int port = listener.path("port").asInt();
        String protocol = listener.path("protocol").asText();
        boolean secure = protocol.equals("HTTPS");
        boolean known = secure || protocol.equals("HTTP");
        Door door = new Door(port, secure);
        List<Objection> unaccepted = new ArrayList<>();
        if (!known) {
            unaccepted.add(Objection.of(
                    gateway.ref(),
                    "UnsupportedProtocol",
                    Reason.NOT_OBEYED,
                    where + ".protocol",
                    "is " + protocol + " (expected: HTTP or HTTPS)"));
        } else if (!door.isUsual() && !door.isFree()) {
            unaccepted.add(Objection.of(
                    gateway.ref(),
                    "PortUnavailable",
                    Reason.NOT_OBEYED,
                    where + ".port",
                    "is " + port + ", which the gateway needs for something else (expected: "
                            + (secure ? Door.HTTPS : Door.HTTP) + " or another port)"));
        } else if (doors.merge(port, secure, (older, _) -> older) != secure) {
            unaccepted.add(Objection.of(
                    gateway.ref(),
                    "PortUnavailable",
                    Reason.ROUTE_TAKEN,
                    where + ".port",
                    "is " + port + ", which an older listener has with another protocol"));
        }
        List<Objection> unresolved = new ArrayList<>();
        List<SecretRef> certificates =
                secure ? certificates(gateway, listener.path("tls"), where + ".tls", unresolved) : List.of();
        boolean takesRoutes = known && kinds(gateway, listener, where, unresolved);
        return new Listener(
                listener.path("name").asText(),
                where,
                door,
                Hostname.of(listener.path("hostname").asText("")),
                takesRoutes,
                admits(gateway, listener.path("allowedRoutes").path("namespaces")),
                certificates,
                unaccepted,
                unresolved,
                Optional.empty());
    }

    private static boolean kinds(
            GatewayApiObject gateway, JsonNode listener, String where, List<Objection> unresolved) {
        JsonNode kinds = listener.path("allowedRoutes").path("kinds");
        boolean routes = kinds.isEmpty();
        int index = 0;
        for (JsonNode kind : kinds) {
            boolean ours = kind.path("group").asText(GatewayApiObject.GROUP).equals(GatewayApiObject.GROUP)
                    && kind.path("kind").asText().equals(GatewayApiObject.HTTP_ROUTE);
            routes |= ours;
            if (!ours) {
                unresolved.add(Objection.of(
                        gateway.ref(),
                        "InvalidRouteKinds",
                        Reason.NOT_OBEYED,
                        where + ".allowedRoutes.kinds[" + index + "]",
                        "is " + kind.path("kind").asText() + " (expected: HTTPRoute)"));
            }
            index++;
        }
        return routes;
    }

    private Predicate<String> admits(GatewayApiObject gateway, JsonNode namespaces) {
        String own = gateway.ref().namespace();
        return switch (namespaces.path("from").asText("Same")) {
            case "All" -> _ -> true;
            case "Selector" -> {
                LabelSelector selector = new LabelSelector(namespaces.path("selector"));
                yield namespace -> selector.takes(view.labels(namespace));
            }
            case "Same" -> own::equals;
            default -> _ -> false;
        };
    }

    private List<SecretRef> certificates(
            GatewayApiObject gateway, JsonNode tls, String where, List<Objection> unresolved) {
        List<SecretRef> good = new ArrayList<>();
        int index = 0;
        for (JsonNode ref : tls.path("certificateRefs")) {
            certificate(gateway, ref, where + ".certificateRefs[" + index++ + "]", unresolved)
                    .ifPresent(good::add);
        }
        if (index == 0) {
            unresolved.add(Objection.of(
                    gateway.ref(),
                    BAD_CERTIFICATE,
                    Reason.BAD_SPEC,
                    where + ".certificateRefs",
                    "names no certificate (expected: a Secret of type kubernetes.io/tls)"));
        }
        return good;
    }

    private Optional<SecretRef> certificate(
            GatewayApiObject gateway, JsonNode ref, String where, List<Objection> unresolved) {
        String group = ref.path("group").asText("");
        String kind = ref.path("kind").asText("Secret");
        SecretRef secret = new SecretRef(
                ref.path("namespace").asText(gateway.ref().namespace()),
                ref.path("name").asText());
        if (!group.isEmpty() || !kind.equals("Secret")) {
            unresolved.add(Objection.of(
                    gateway.ref(),
                    BAD_CERTIFICATE,
                    Reason.BAD_SPEC,
                    where,
                    "is a " + kind + (group.isEmpty() ? "" : " of " + group) + " (expected: a Secret)"));
            return Optional.empty();
        }
        if (!grants.allow(gateway, new ObjectRef("Secret", secret.namespace(), secret.name()))) {
            unresolved.add(Objection.of(
                    gateway.ref(),
                    "RefNotPermitted",
                    Reason.BAD_SPEC,
                    where,
                    "names Secret " + secret + ", which no ReferenceGrant of namespace " + secret.namespace()
                            + " permits"));
            return Optional.empty();
        }
        Optional<String> objection = view.objection(secret);
        objection.ifPresent(words -> unresolved.add(Objection.of(
                gateway.ref(),
                BAD_CERTIFICATE,
                Reason.BAD_SECRET,
                where,
                "names Secret " + secret + ", which " + words)));
        return objection.isPresent() ? Optional.empty() : Optional.of(secret);
    }

    /** Of listeners that would take the same requests none is served (spec §6.3.2). */
    private static List<Listener> withConflicts(GatewayApiObject gateway, List<Listener> listeners) {
        Map<Integer, Set<Boolean>> protocols = new HashMap<>();
        Map<String, Integer> hostnames = new HashMap<>();
        for (Listener listener : listeners) {
            protocols.merge(listener.port(), Set.of(listener.secure()), GatewayReader::both);
            hostnames.merge(address(listener), 1, Integer::sum);
        }
        return listeners.stream()
                .map(listener -> {
                    boolean otherProtocol =
                            protocols.getOrDefault(listener.port(), Set.of()).size() > 1;
                    boolean sameHost = hostnames.getOrDefault(address(listener), 0) > 1;
                    if (!otherProtocol && !sameHost) {
                        return listener;
                    }
                    return listener.conflicting(Objection.of(
                            gateway.ref(),
                            otherProtocol ? "ProtocolConflict" : "HostnameConflict",
                            Reason.BAD_SPEC,
                            listener.where(),
                            otherProtocol
                                    ? "has port " + listener.port()
                                            + ", which another listener uses for another protocol"
                                    : "has the port and hostname of another listener"));
                })
                .toList();
    }

    private static Set<Boolean> both(Set<Boolean> one, Set<Boolean> other) {
        return one.equals(other) ? one : Set.of(true, false);
    }

    private static String address(Listener listener) {
        return listener.port() + " " + listener.secure() + " "
                + listener.hostname().text();
    }
}
