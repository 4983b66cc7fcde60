package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.manifests.gatewayapi.Listener.ListenerStatus;
import dev.linnet.manifests.gatewayapi.ObjectStatus.Address;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Statuses as JSON (spec §6.1): a condition keeps its time as long as it holds or does not, and what others have written stays. */
final class StatusJson {
    /** What the official suite may ask of us (spec §6.10), in alphabetical order. */
    static final Set<String> FEATURES = new TreeSet<>(Set.of(
            "Gateway",
            "GatewayAddressEmpty",
            "GatewayHTTPListenerIsolation",
            "GatewayHTTPSListenerDetectMisdirectedRequests",
            "GatewayPort8080",
            "GatewayStaticAddresses",
            "HTTPRoute",
            "HTTPRoute303RedirectStatusCode",
            "HTTPRoute307RedirectStatusCode",
            "HTTPRoute308RedirectStatusCode",
            "HTTPRouteBackendProtocolH2C",
            "HTTPRouteBackendProtocolWebSocket",
            "HTTPRouteBackendRequestHeaderModification",
            "HTTPRouteBackendRequestRedirect",
            "HTTPRouteBackendTimeout",
            "HTTPRouteBackendURLRewrite",
            "HTTPRouteCORS",
            "HTTPRouteHostRewrite",
            "HTTPRouteMethodMatching",
            "HTTPRouteNamedRouteRule",
            "HTTPRouteParentRefPort",
            "HTTPRoutePathRedirect",
            "HTTPRoutePathRewrite",
            "HTTPRoutePortRedirect",
            "HTTPRouteQueryParamMatching",
            "HTTPRouteRequestMirror",
            "HTTPRouteRequestMultipleMirrors",
            "HTTPRouteRequestPercentageMirror",
            "HTTPRouteRequestTimeout",
            "HTTPRouteResponseHeaderModification",
            "HTTPRouteSchemeRedirect",
            "ReferenceGrant"));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final long generation;
    private final Instant now;

    StatusJson(long generation, Instant now) {
        this.generation = generation;
        this.now = now;
    }

    ObjectNode next(Wanted wanted, JsonNode current, List<Address> addresses) {
        ObjectNode next = current.isObject() ? current.deepCopy() : JSON.objectNode();
        switch (wanted) {
            case Wanted.OfClass(List<Condition> conditions) -> {
                next.set("conditions", conditions(conditions, current.path("conditions")));
                ArrayNode features = next.putArray("supportedFeatures");
                FEATURES.forEach(name -> features.addObject().put("name", name));
            }
            case Wanted.OfGateway gateway -> gateway(gateway, current, addresses, next);
            case Wanted.OfRoute(List<Parent> parents) -> {
                ArrayNode entries = parents(parents, current.path("parents"));
                if (!entries.isEmpty() || current.has("parents")) {
                    next.set("parents", entries);
                }
            }
        }
        return next;
    }

    private void gateway(Wanted.OfGateway gateway, JsonNode current, List<Address> addresses, ObjectNode next) {
        List<Address> bound = gateway.addresses().isEmpty()
                ? addresses
                : addresses.stream().filter(gateway.addresses()::contains).toList();
        ArrayNode values = next.putArray("addresses");
        bound.forEach(address -> values.addObject().put("type", address.type()).put("value", address.value()));
        List<Condition> conditions = gateway.conditions().stream()
                .map(condition -> reachable(condition, gateway.addresses(), bound))
                .toList();
        next.set("conditions", conditions(conditions, current.path("conditions")));
        ArrayNode listeners = next.putArray("listeners");
        gateway.listeners().forEach(listener -> listeners.add(listener(listener, current.path("listeners"))));
    }

    /** What cannot be reached is not programmed, whatever else is. */
    private static Condition reachable(Condition condition, List<Address> wanted, List<Address> bound) {
        if (!condition.type().equals(Condition.PROGRAMMED) || !condition.holds()) {
            return condition;
        }
        if (!Set.copyOf(bound).containsAll(wanted)) {
            return Condition.no(
                    Condition.PROGRAMMED,
                    "AddressNotUsable",
                    "spec.addresses names addresses that are not the gateway's");
        }
        return bound.isEmpty()
                ? Condition.no(
                        Condition.PROGRAMMED,
                        "AddressNotAssigned",
                        "It is not known yet where the gateway can be reached")
                : condition;
    }

    private ObjectNode listener(ListenerStatus listener, JsonNode current) {
        ObjectNode node = JSON.objectNode().put("name", listener.name());
        ArrayNode kinds = node.putArray("supportedKinds");
        if (listener.takesRoutes()) {
            kinds.addObject().put("group", GatewayApiObject.GROUP).put("kind", GatewayApiObject.HTTP_ROUTE);
        }
        node.put("attachedRoutes", listener.attachedRoutes());
        JsonNode before = current.valueStream()
                .filter(entry -> entry.path("name").asText().equals(listener.name()))
                .findFirst()
                .orElseGet(JSON::objectNode);
        node.set("conditions", conditions(listener.conditions(), before.path("conditions")));
        return node;
    }

    private ArrayNode parents(List<Parent> parents, JsonNode current) {
        ArrayNode next = JSON.arrayNode();
        current.valueStream().filter(entry -> !isOurs(entry)).forEach(next::add);
        for (Parent parent : parents) {
            JsonNode before = current.valueStream()
                    .filter(entry -> isOurs(entry)
                            && entry.path("parentRef").equals(parent.ref().written()))
                    .findFirst()
                    .orElseGet(JSON::objectNode);
            ObjectNode entry = next.addObject();
            entry.set("parentRef", parent.ref().written());
            entry.put("controllerName", GatewayApi.CONTROLLER);
            entry.set("conditions", conditions(parent.conditions(), before.path("conditions")));
        }
        return next;
    }

    private static boolean isOurs(JsonNode parent) {
        return parent.path("controllerName").asText().equals(GatewayApi.CONTROLLER);
    }

    private ArrayNode conditions(List<Condition> wanted, JsonNode current) {
        ArrayNode next = JSON.arrayNode();
        Set<String> types = new HashSet<>(Set.of(Condition.OVERLAPPING_TLS));
        wanted.forEach(condition -> types.add(condition.type()));
        for (Condition condition : wanted) {
            JsonNode before = current.valueStream()
                    .filter(entry -> entry.path("type").asText().equals(condition.type()))
                    .findFirst()
                    .orElseGet(JSON::objectNode);
            next.add(condition(condition, before));
        }
        current.valueStream()
                .filter(entry -> !types.contains(entry.path("type").asText()))
                .forEach(next::add);
        return next;
    }

    private ObjectNode condition(Condition condition, JsonNode before) {
        String status = condition.holds() ? "True" : "False";
        String since = before.path("status").asText().equals(status)
                ? before.path("lastTransitionTime").asText()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode node = JSON.objectNode();
        node.put("lastTransitionTime", since);
        node.put("message", condition.message());
        node.put("observedGeneration", Math.toIntExact(generation));
        node.put("reason", condition.reason());
        node.put("status", status);
        node.put("type", condition.type());
        return node;
    }
}
