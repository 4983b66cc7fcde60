package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The VirtualService by which Istio, or our own gateways, give each version its requests, with a DestinationRule for each of them (spec of
 * Flagger, §4.3).
 *
 * @param service {@code spec.service} of the Canary
 */
public record CanaryVirtualService(Release release, JsonNode service) implements WeightedRoute {
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
        String host = names().service() + "-" + version;
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
        boolean tooMuch =
                !service.path("hosts").isEmpty() || !service.path("gateways").isEmpty();
        return isDelegate() && tooMuch
                ? Optional.of("VirtualService " + names().service() + "." + names().namespace()
                        + " cannot have hosts and gateways when delegation enabled")
                : Optional.empty();
    }

    @Override
    public List<String> leftAlone() {
        return List.of("exportTo", "tls", "tcp");
    }

    private Names names() {
        return release.names();
    }

    /** Whether its author has it as a part of another one, which names hosts and gateways. */
    private boolean isDelegate() {
        return service.path("delegation").asBoolean();
    }

    @Override
    public ObjectNode spec(Traffic traffic, Cookies cookies) {
        ObjectNode spec = JSON.createObjectNode();
        if (!isDelegate()) {
            gateways(spec.putArray("gateways"));
            hosts(spec.putArray("hosts"));
        }
        ArrayNode http = spec.putArray("http");
        if (traffic instanceof Traffic.Audience(int canary)) {
            route(rule(http, matches(release.analysis().audience())), canary);
            destination(rule(http, service.path("match")).putArray("route"), "primary", ALL);
        } else {
            rules(http, traffic, StickyRules.of(release.analysis(), cookies, traffic));
        }
        return spec;
    }

    private void rules(ArrayNode http, Traffic traffic, StickyRules sticky) {
        sticky.pins().forEach(pin -> route(rule(http, withCookie(pin.pattern())), pin.canary()));
        sticky.expired().ifPresent(old -> {
            ObjectNode rule = rule(http, withCookie(old.pattern()));
            route(rule, 0);
            answers(rule, old.setCookie());
        });
        ObjectNode all = rule(http, service.path("match"));
        ArrayNode versions = route(all, traffic.canary());
        sticky.ofPrimary().ifPresent(cookie -> answers((ObjectNode) versions.path(0), cookie));
        sticky.ofCanary().ifPresent(cookie -> answers((ObjectNode) versions.path(1), cookie));
        if (traffic instanceof Traffic.Mirrored(int percent)) {
            all.putObject("mirror").put("host", names().service() + "-canary");
            if (percent > 0) {
                all.putObject("mirrorPercentage").put("value", percent);
            }
        }
    }

    private static void answers(ObjectNode entry, String cookie) {
        entry.withObject("/headers/response/add").put(StickyRules.SET_COOKIE, cookie);
    }

    @Override
    public ObjectNode withoutVersions() {
        ObjectNode spec = spec(Traffic.ALL_PRIMARY, Cookies.NONE);
        ArrayNode route = ((ObjectNode) spec.path("http").path(0)).putArray("route");
        route.addObject().putObject("destination").put("host", names().service());
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
            known |= host.asText().equals(names().service()) || host.asText().equals("*");
        }
        if (!known) {
            hosts.add(names().service());
        }
    }

    private ObjectNode rule(ArrayNode http, JsonNode match) {
        ObjectNode rule = http.addObject();
        if (!match.isEmpty()) {
            rule.set("match", match);
        }
        for (String field : List.of("timeout", "retries", "corsPolicy", "headers")) {
            if (service.has(field)) {
                rule.set(field, service.path(field).deepCopy());
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
        return rule;
    }

    /** Those of the Service who bring a cookie that is told by this expression. */
    private ArrayNode withCookie(String pattern) {
        ArrayNode all = JSON.createArrayNode();
        bases().forEach(base -> {
            ObjectNode match = all.addObject().setAll((ObjectNode) base.deepCopy());
            match.withObject("/headers").putObject(StickyRules.COOKIE).put("regex", pattern);
        });
        return all;
    }

    private List<JsonNode> bases() {
        return service.path("match").isEmpty()
                ? List.of(JSON.createObjectNode())
                : service.path("match").valueStream().toList();
    }

    /** Each entry of the analysis with each of the Service's: the former's headers and labels replace the latter's. */
    private ArrayNode matches(List<Match> audience) {
        ArrayNode all = JSON.createArrayNode();
        for (JsonNode base : bases()) {
            for (Match match : audience) {
                ObjectNode both = all.addObject().setAll((ObjectNode) base.deepCopy());
                texts(both, "headers", match.headers());
                texts(both, "queryParams", match.queryParams());
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

    private ArrayNode route(ObjectNode rule, int canary) {
        ArrayNode route = rule.putArray("route");
        destination(route, "primary", ALL - canary);
        destination(route, "canary", canary);
        return route;
    }

    private void destination(ArrayNode route, String version, int weight) {
        ObjectNode entry = route.addObject();
        ObjectNode destination = entry.putObject("destination");
        destination.put("host", names().service() + "-" + version);
        boolean outside =
                isDelegate() || !service.path("gateways").path(0).asText("mesh").equals("mesh");
        if (service.path("portDiscovery").asBoolean() && outside) {
            destination.putObject("port").put("number", service.path("port").asInt());
        }
        entry.put("weight", weight);
    }

    @Override
    public Optional<Traffic> traffic(JsonNode spec) {
        return new RoutedTraffic(release.analysis(), this::weight, this::mirrored).of(spec.path("http"));
    }

    private Optional<Integer> weight(JsonNode rule) {
        return rule.path("route")
                .valueStream()
                .filter(entry -> isCanary(entry.path("destination")))
                .map(entry -> entry.path("weight").asInt(0))
                .findFirst();
    }

    private Optional<Integer> mirrored(JsonNode rule) {
        return isCanary(rule.path("mirror"))
                ? Optional.of(rule.path("mirrorPercentage").path("value").asInt(0))
                : Optional.empty();
    }

    private boolean isCanary(JsonNode destination) {
        return destination.path("host").asText().equals(names().service() + "-canary");
    }
}
