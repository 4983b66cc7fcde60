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
import java.util.TreeMap;

/**
 * The HTTPRoute by which Gateway API gives each version its requests (spec of Flagger, §4.4). It says what the API would add by itself, so
 * that it can be compared with what is there.
 *
 * @param service {@code spec.service} of the Canary
 */
public record CanaryHttpRoute(Release release, JsonNode service) implements WeightedRoute {
    private static final Kind KIND = new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String REGEX = "RegularExpression";
    private static final String EXACT = "Exact";
    private static final String ANSWERS = "ResponseHeaderModifier";
    private static final int ALL = 100;

    /** Seconds that an answer about CORS is good for where nobody says so: the API's default. */
    private static final int USUAL_MAX_AGE = 5;

    @Override
    public Kind kind() {
        return KIND;
    }

    @Override
    public List<Beside> beside() {
        return List.of();
    }

    /** In Flagger's words. Parents that say nothing, such as those of data planes without a status, are taken to obey. */
    @Override
    public Optional<String> lag(JsonNode object) {
        long generation = object.path("metadata").path("generation").asLong();
        for (JsonNode parent : object.path("spec").path("parentRefs")) {
            for (JsonNode told : object.path("status").path("parents")) {
                if (told.path("parentRef").equals(parent)) {
                    Optional<String> lag = lag(parent, told.path("conditions"), generation);
                    if (lag.isPresent()) {
                        return lag;
                    }
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> leftAlone() {
        return List.of();
    }

    private Names names() {
        return release.names();
    }

    private Optional<String> lag(JsonNode parent, JsonNode conditions, long generation) {
        for (JsonNode condition : conditions) {
            String status = condition.path("status").asText();
            long observed = condition.path("observedGeneration").asLong();
            boolean accepted = condition.path("type").asText().equals("Accepted");
            if (accepted && (!status.equals("True") || observed < generation)) {
                return Optional.of("HTTPRoute " + names().service() + "." + names().namespace() + " parent "
                        + parent.path("name").asText() + " is not ready (status: " + status
                        + ", observed generation: " + observed + ", current generation: " + generation + ")");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> objection() {
        return service.path("gatewayRefs").isEmpty()
                ? Optional.of("GatewayRefs must be specified when using Gateway API as a provider.")
                : Optional.empty();
    }

    @Override
    public ObjectNode spec(Traffic traffic, Cookies cookies) {
        ObjectNode spec = JSON.createObjectNode();
        ArrayNode parents = spec.putArray("parentRefs");
        service.path("gatewayRefs").forEach(ref -> {
            ObjectNode parent = parents.addObject().put("group", KIND.group()).put("kind", "Gateway");
            parent.setAll((ObjectNode) ref.deepCopy());
        });
        if (!service.path("hosts").isEmpty()) {
            spec.set("hostnames", service.path("hosts"));
        }
        ArrayNode rules = spec.putArray("rules");
        if (traffic instanceof Traffic.Audience(int canary)) {
            versions(rule(rules, matches(release.analysis().audience()), filters()), canary);
            rule(rules, matches(), filters())
                    .putArray("backendRefs")
                    .add(backend(names().service() + "-primary").put("weight", ALL));
        } else {
            rules(rules, traffic, StickyRules.of(release.analysis(), cookies, traffic));
        }
        return spec;
    }

    private void rules(ArrayNode rules, Traffic traffic, StickyRules sticky) {
        sticky.pins().forEach(pin -> versions(rule(rules, withCookie(pin.pattern()), filters()), pin.canary()));
        sticky.expired().ifPresent(old -> {
            ArrayNode filters = filters();
            answers(filters, old.setCookie());
            versions(rule(rules, withCookie(old.pattern()), filters), 0);
        });
        ArrayNode filters = filters();
        if (traffic instanceof Traffic.Mirrored) {
            mirror(filters, backend(names().service() + "-canary"));
        }
        ArrayNode versions = versions(rule(rules, matches(), filters), traffic.canary());
        sticky.ofPrimary().ifPresent(cookie -> answers(versions.path(0).withArray("filters"), cookie));
        sticky.ofCanary().ifPresent(cookie -> answers(versions.path(1).withArray("filters"), cookie));
    }

    /** No kind of filter may be there twice. */
    private static void answers(ArrayNode filters, String cookie) {
        JsonNode modifier = filters.valueStream()
                .filter(filter -> filter.path("type").asText().equals(ANSWERS))
                .findFirst()
                .orElseGet(() -> filters.addObject().put("type", ANSWERS));
        modifier.withObject("/responseHeaderModifier")
                .withArray("add")
                .addObject()
                .put("name", StickyRules.SET_COOKIE)
                .put("value", cookie);
    }

    private ArrayNode versions(ObjectNode rule, int canary) {
        ArrayNode backends = rule.putArray("backendRefs");
        backends.add(backend(names().service() + "-primary").put("weight", ALL - canary));
        backends.add(backend(names().service() + "-canary").put("weight", canary));
        return backends;
    }

    @Override
    public ObjectNode withoutVersions() {
        ObjectNode spec = spec(Traffic.ALL_PRIMARY, Cookies.NONE);
        ((ObjectNode) spec.path("rules").path(0))
                .putArray("backendRefs")
                .add(backend(names().service()).put("weight", ALL));
        return spec;
    }

    private ObjectNode backend(String name) {
        return JSON.createObjectNode()
                .put("group", "")
                .put("kind", "Service")
                .put("name", name)
                .put("port", service.path("port").asInt());
    }

    private ObjectNode rule(ArrayNode rules, ArrayNode matches, ArrayNode filters) {
        ObjectNode rule = rules.addObject();
        rule.set("matches", matches);
        if (!filters.isEmpty()) {
            rule.set("filters", filters);
        }
        ObjectNode timeouts = JSON.createObjectNode();
        copy(service, "timeout", timeouts, "request");
        copy(service, "backendTimeout", timeouts, "backendRequest");
        if (!timeouts.isEmpty()) {
            rule.set("timeouts", timeouts);
        }
        return rule;
    }

    private static void copy(JsonNode from, String field, ObjectNode to, String name) {
        if (!from.path(field).asText("").isEmpty()) {
            to.put(name, from.path(field).asText());
        }
    }

    /** Those of the Service; all requests if it says nothing. */
    private ArrayNode matches() {
        ArrayNode all = JSON.createArrayNode();
        service.path("match").forEach(match -> all.add(base(match)));
        if (all.isEmpty()) {
            all.add(base(JSON.createObjectNode()));
        }
        return all;
    }

    /** Each entry of the analysis with each of the Service's: the former's headers and parameters replace the latter's. */
    private ArrayNode matches(List<Match> audience) {
        ArrayNode all = JSON.createArrayNode();
        for (JsonNode base : matches()) {
            for (Match match : audience) {
                ObjectNode both = all.addObject().setAll((ObjectNode) base.deepCopy());
                texts(both, "headers", match.headers());
                texts(both, "queryParams", match.queryParams());
            }
        }
        return all;
    }

    /** Those of the Service who bring a cookie that is told by this expression. */
    private ArrayNode withCookie(String pattern) {
        ArrayNode all = matches();
        all.forEach(match -> ((ObjectNode) match)
                .withArray("headers")
                .addObject()
                .put("name", StickyRules.COOKIE)
                .put("type", REGEX)
                .put("value", pattern));
        return all;
    }

    private static ObjectNode base(JsonNode match) {
        ObjectNode entry = JSON.createObjectNode();
        JsonNode uri = match.path("uri");
        ObjectNode path = entry.putObject("path");
        if (uri.has("regex")) {
            path.put("type", REGEX).put("value", uri.path("regex").asText());
        } else if (uri.has("exact")) {
            path.put("type", EXACT).put("value", uri.path("exact").asText());
        } else {
            path.put("type", "PathPrefix").put("value", uri.path("prefix").asText("/"));
        }
        copy(match.path("method"), "exact", entry, "method");
        conditions(match.path("headers"), entry, "headers");
        conditions(match.path("queryParams"), entry, "queryParams");
        return entry;
    }

    private static void conditions(JsonNode written, ObjectNode entry, String field) {
        if (written.isEmpty()) {
            return;
        }
        ArrayNode list = entry.putArray(field);
        Map<String, JsonNode> sorted = new TreeMap<>();
        written.properties().forEach(each -> sorted.put(each.getKey(), each.getValue()));
        sorted.forEach((name, text) -> {
            boolean exact = text.has("exact");
            String value = exact
                    ? text.path("exact").asText()
                    : text.has("prefix")
                            ? quoted(text.path("prefix").asText()) + ".*"
                            : text.path("regex").asText();
            list.addObject()
                    .put("name", name)
                    .put("type", exact ? EXACT : REGEX)
                    .put("value", value);
        });
    }

    private static void texts(ObjectNode match, String field, Map<String, Match.Text> texts) {
        if (texts.isEmpty()) {
            return;
        }
        ArrayNode list = match.putArray(field);
        new TreeMap<>(texts)
                .forEach((name, text) -> list.addObject()
                        .put("name", name)
                        .put("type", text.kind() == Match.Text.Kind.EXACT ? EXACT : REGEX)
                        .put("value", value(text)));
    }

    /** Gateway API knows neither beginnings nor ends: expressions say the same. */
    private static String value(Match.Text text) {
        return switch (text.kind()) {
            case EXACT, REGEX -> text.value();
            case PREFIX -> quoted(text.value()) + ".*";
            case SUFFIX -> ".*" + quoted(text.value());
        };
    }

    private static String quoted(String text) {
        return "\\Q" + text + "\\E";
    }

    private ArrayNode filters() {
        ArrayNode filters = JSON.createArrayNode();
        JsonNode headers = service.path("headers");
        modifier(filters, headers.path("request"), "RequestHeaderModifier", "requestHeaderModifier");
        modifier(filters, headers.path("response"), ANSWERS, "responseHeaderModifier");
        JsonNode rewrite = service.path("rewrite");
        if (rewrite.has("uri") || rewrite.has("authority")) {
            ObjectNode url = filters.addObject().put("type", "URLRewrite").putObject("urlRewrite");
            copy(rewrite, "authority", url, "hostname");
            if (rewrite.has("uri")) {
                boolean prefix = rewrite.path("type").asText().equals("ReplacePrefixMatch");
                url.putObject("path")
                        .put("type", prefix ? "ReplacePrefixMatch" : "ReplaceFullPath")
                        .put(
                                prefix ? "replacePrefixMatch" : "replaceFullPath",
                                rewrite.path("uri").asText());
            }
        }
        for (JsonNode mirror : service.path("mirror")) {
            ObjectNode ref = JSON.createObjectNode().put("group", "").put("kind", "Service");
            mirror(filters, ref.setAll((ObjectNode) mirror.path("backendRef").deepCopy()));
        }
        if (service.has("corsPolicy")) {
            cors(filters.addObject().put("type", "CORS").putObject("cors"), service.path("corsPolicy"));
        }
        return filters;
    }

    /** Of origins only those that are written out: Gateway API has no patterns of them that mean the same. */
    private static void cors(ObjectNode cors, JsonNode policy) {
        ArrayNode origins = JSON.createArrayNode();
        policy.path("allowOrigin").forEach(origins::add);
        policy.path("allowOrigins").findValues("exact").forEach(origins::add);
        if (!origins.isEmpty()) {
            cors.set("allowOrigins", origins);
        }
        for (String list : List.of("allowMethods", "allowHeaders", "exposeHeaders")) {
            if (!policy.path(list).isEmpty()) {
                cors.set(list, policy.path(list));
            }
        }
        if (policy.path("allowCredentials").asBoolean()) {
            cors.put("allowCredentials", true);
        }
        cors.put(
                "maxAge",
                GoDuration.parse(policy.path("maxAge").asText(""))
                        .map(age -> (int) Math.min(age.toSeconds(), Integer.MAX_VALUE))
                        .filter(seconds -> seconds > 0)
                        .orElse(USUAL_MAX_AGE));
    }

    /** Origins that {@link #spec} leaves out: patterns, which Gateway API does not know. */
    static boolean leavesOutOrigins(JsonNode service) {
        return service.path("corsPolicy").path("allowOrigins").valueStream().anyMatch(origin -> !origin.has("exact"));
    }

    private static void mirror(ArrayNode filters, ObjectNode backend) {
        filters.addObject()
                .put("type", "RequestMirror")
                .putObject("requestMirror")
                .set("backendRef", backend);
    }

    private static void modifier(ArrayNode filters, JsonNode edits, String type, String field) {
        if (edits.isEmpty()) {
            return;
        }
        ObjectNode modifier = filters.addObject().put("type", type).putObject(field);
        for (String how : List.of("add", "set")) {
            Map<String, String> sorted = new TreeMap<>();
            edits.path(how)
                    .properties()
                    .forEach(line -> sorted.put(line.getKey(), line.getValue().asText()));
            if (!sorted.isEmpty()) {
                ArrayNode lines = modifier.putArray(how);
                sorted.forEach(
                        (name, value) -> lines.addObject().put("name", name).put("value", value));
            }
        }
        if (!edits.path("remove").isEmpty()) {
            modifier.set("remove", edits.path("remove"));
        }
    }

    @Override
    public Optional<Traffic> traffic(JsonNode spec) {
        return new RoutedTraffic(release.analysis(), this::weight, this::mirrored).of(spec.path("rules"));
    }

    private Optional<Integer> weight(JsonNode rule) {
        return rule.path("backendRefs")
                .valueStream()
                .filter(this::isCanary)
                .map(entry -> entry.path("weight").asInt(1))
                .findFirst();
    }

    private Optional<Integer> mirrored(JsonNode rule) {
        boolean copied = rule.path("filters")
                .valueStream()
                .anyMatch(filter -> isCanary(filter.path("requestMirror").path("backendRef")));
        return copied ? Optional.of(0) : Optional.empty();
    }

    private boolean isCanary(JsonNode backend) {
        return backend.path("name").asText().equals(names().service() + "-canary");
    }
}
