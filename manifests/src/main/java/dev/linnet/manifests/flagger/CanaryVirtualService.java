package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.step.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The VirtualService by which Istio, or our own gateways, give each version its requests, with a DestinationRule for each of them (spec of
 * Flagger, §4.3).
 *
 * @param names   of the release
 * @param service {@code spec.service} of the Canary
 */
public record CanaryVirtualService(Names names, JsonNode service) implements WeightedRoute {
    private static final Kind KIND = new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    private static final Kind DESTINATION_RULE =
            new Kind("networking.istio.io", "v1beta1", "DestinationRule", "destinationrules");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ALL = 100;

    @Override
    public Kind kind() {
        return KIND;
    }

    @Override
    public List<Beside> beside() {
        return Stream.of("canary", "primary").map(this::destinationRule).toList();
    }

    private Beside destinationRule(String version) {
        String host = names.service() + "-" + version;
        ObjectNode spec = JSON.createObjectNode().put("host", host);
        if (service.has("trafficPolicy")) {
            spec.set("trafficPolicy", service.path("trafficPolicy"));
        }
        return new Beside(DESTINATION_RULE, host, spec);
    }

    /** A VirtualService has no status that would tell. */
    @Override
    public Optional<String> lag(JsonNode object) {
        return Optional.empty();
    }

    @Override
    public Optional<String> objection() {
        return Optional.empty();
    }

    /** Whether its author has it as a part of another one, which names hosts and gateways. */
    private boolean isDelegate() {
        return service.path("delegation").asBoolean();
    }

    @Override
    public ObjectNode spec(Traffic traffic, List<Match> audience) {
        ObjectNode spec = JSON.createObjectNode();
        if (!isDelegate()) {
            gateways(spec.putArray("gateways"));
            hosts(spec.putArray("hosts"));
        }
        ArrayNode http = spec.putArray("http");
        int canary = switch (traffic) {
            case Traffic.Split split -> split.canary();
            case Traffic.Audience _ -> ALL;
            case Traffic.Mirrored _ -> 0;
        };
        boolean byAudience = traffic instanceof Traffic.Audience && !audience.isEmpty();
        ObjectNode first = http.addObject();
        rule(first, byAudience ? matches(audience) : service.path("match"));
        route(first.putArray("route"), canary);
        if (traffic instanceof Traffic.Mirrored(int percent)) {
            first.putObject("mirror").put("host", names.service() + "-canary");
            if (percent > 0) {
                first.putObject("mirrorPercentage").put("value", percent);
            }
        }
        if (byAudience) {
            ObjectNode rest = http.addObject();
            rule(rest, service.path("match"));
            destination(rest.putArray("route"), "primary", ALL);
        }
        return spec;
    }

    @Override
    public ObjectNode withoutVersions() {
        ObjectNode spec = spec(Traffic.ALL_PRIMARY, List.of());
        ArrayNode route = ((ObjectNode) spec.path("http").path(0)).putArray("route");
        route.addObject().putObject("destination").put("host", names.service());
        return spec;
    }

    private void gateways(ArrayNode gateways) {
        service.path("gateways").forEach(gateways::add);
        if (gateways.isEmpty()) {
            gateways.add("mesh");
        }
    }

    private void hosts(ArrayNode hosts) {
        boolean known = false;
        for (JsonNode host : service.path("hosts")) {
            hosts.add(host);
            known |= host.asText().equals(names.service()) || host.asText().equals("*");
        }
        if (!known) {
            hosts.add(names.service());
        }
    }

    private void rule(ObjectNode rule, JsonNode match) {
        if (!match.isEmpty()) {
            rule.set("match", match);
        }
        for (String field : List.of("timeout", "retries", "corsPolicy", "headers")) {
            if (service.has(field)) {
                rule.set(field, service.path(field));
            }
        }
        JsonNode rewrite = service.path("rewrite");
        if (rewrite.has("uri") || rewrite.has("authority")) {
            ObjectNode kept = rule.putObject("rewrite");
            for (String field : List.of("uri", "authority")) {
                if (rewrite.has(field)) {
                    kept.set(field, rewrite.path(field));
                }
            }
        }
    }

    /** Each entry of the analysis with each of the Service's: the former's headers and labels replace the latter's. */
    private ArrayNode matches(List<Match> audience) {
        ArrayNode all = JSON.createArrayNode();
        List<JsonNode> bases = service.path("match").isEmpty()
                ? List.of(JSON.createObjectNode())
                : service.path("match").valueStream().toList();
        for (JsonNode base : bases) {
            for (Match match : audience) {
                ObjectNode both = all.addObject().setAll((ObjectNode) base.deepCopy());
                texts(both, "headers", match.headers());
                if (base.isEmpty()) {
                    texts(both, "queryParams", match.queryParams());
                }
                if (!match.sourceLabels().isEmpty()) {
                    both.set("sourceLabels", JSON.valueToTree(match.sourceLabels()));
                }
            }
        }
        return all;
    }

    private static void texts(ObjectNode match, String field, Map<String, Match.Text> texts) {
        if (texts.isEmpty()) {
            return;
        }
        ObjectNode node = match.putObject(field);
        texts.forEach((name, text) -> node.putObject(name).put(kind(text), value(text)));
    }

    private static String kind(Match.Text text) {
        return switch (text.kind()) {
            case EXACT -> "exact";
            case PREFIX -> "prefix";
            case SUFFIX, REGEX -> "regex";
        };
    }

    private static String value(Match.Text text) {
        return text.kind() == Match.Text.Kind.SUFFIX ? ".*\\Q" + text.value() + "\\E" : text.value();
    }

    private void route(ArrayNode route, int canary) {
        destination(route, "primary", ALL - canary);
        destination(route, "canary", canary);
    }

    private void destination(ArrayNode route, String version, int weight) {
        ObjectNode entry = route.addObject();
        ObjectNode destination = entry.putObject("destination");
        destination.put("host", names.service() + "-" + version);
        boolean outside =
                isDelegate() || !service.path("gateways").path(0).asText("mesh").equals("mesh");
        if (service.path("portDiscovery").asBoolean() && outside) {
            destination.putObject("port").put("number", service.path("port").asInt());
        }
        entry.put("weight", weight);
    }

    @Override
    public Optional<Integer> mirrored(JsonNode spec) {
        JsonNode rule = spec.path("http").path(0);
        boolean copied = rule.path("mirror").path("host").asText().equals(names.service() + "-canary");
        return copied ? Optional.of(rule.path("mirrorPercentage").path("value").asInt(0)) : Optional.empty();
    }

    @Override
    public Optional<Integer> share(JsonNode spec) {
        for (JsonNode entry : spec.path("http").path(0).path("route")) {
            if (entry.path("destination").path("host").asText().equals(names.service() + "-canary")) {
                int weight = entry.path("weight").asInt(0);
                return weight >= 0 && weight <= ALL ? Optional.of(weight) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
