package dev.linnet.gateway.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.Explanation;
import dev.linnet.routing.MatchRule;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.TextRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Answers what is routed where, and why. */
final class Routes {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST_QUESTION = 1024 * 1024;

    private final Watched watched;

    Routes(Watched watched) {
        this.watched = watched;
    }

    String list() {
        List<Map<String, Object>> rules =
                watched.table().rules().stream().map(this::rule).toList();
        List<Map<String, String>> problems =
                watched.problems().stream().map(Routes::problem).toList();
        return text(Map.of("rules", rules, "problems", problems));
    }

    private static Map<String, String> problem(Problem problem) {
        return Map.of(
                "object", problem.object().toString(),
                "reason", problem.reason().toString(),
                "path", problem.path(),
                "message", problem.message());
    }

    private Map<String, Object> rule(Rule rule) {
        Map<String, Object> fields = path(rule);
        fields.put("primary", backend(rule.primary()));
        List<Map<String, Object>> canaries = new ArrayList<>();
        for (Rule.CanarySide canary : rule.canaries()) {
            Map<String, Object> side = backend(canary.backend());
            side.put("source", canary.source().toString());
            side.put("header", canary.selector().header().map(Object::toString).orElse(""));
            side.put("cookie", canary.selector().cookie().map(CookieRule::name).orElse(""));
            side.put(
                    "matches",
                    canary.selector().matches().stream().map(MatchRule::text).toList());
            side.put("weight", canary.selector().share().weight());
            side.put("total", canary.selector().share().total());
            side.put("spread", canary.selector().spread().toString());
            side.put("failover", canary.selector().failover());
            canaries.add(side);
        }
        fields.put("canaries", canaries);
        return fields;
    }

    private static Map<String, Object> path(Rule rule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("host", rule.host());
        fields.put("path", rule.path().path());
        fields.put("type", rule.path().type());
        fields.put("source", rule.source().toString());
        return fields;
    }

    private Map<String, Object> backend(ServiceRef service) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("service", service.toString());
        fields.put(
                "endpoints",
                watched.endpointsOf(service).stream().map(Object::toString).toList());
        return fields;
    }

    /** A question in the query ({@code url, method, header, cookie, from}) or, by POST, as JSON (with {@code headers, cookies}). */
    Answer explain(HttpExchange exchange) throws IOException {
        try {
            TextRequest request = exchange.getRequestMethod().equals("POST")
                    ? asked(JSON.readTree(body(exchange)))
                    : asked(new Query(exchange.getRequestURI().getRawQuery()));
            Explanation explanation = watched.table()
                    .explain(request, service -> !watched.endpointsOf(service).isEmpty(), new SplittableRandom());
            return Answer.json(text(fields(explanation)));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Answer.text(400, e.getMessage() + "\n");
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            return in.readNBytes(LARGEST_QUESTION);
        }
    }

    private static TextRequest asked(Query query) {
        String url = query.first("url");
        if (url == null) {
            throw new IllegalArgumentException("url is missing (expected: ?url=http://host/path)");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String header : query.all("header")) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("header is \"" + header + "\" (expected: name: value)");
            }
            headers.add(Map.entry(header.substring(0, colon), header.substring(colon + 1)));
        }
        List<String> cookies = query.all("cookie");
        if (!cookies.isEmpty()) {
            headers.add(Map.entry("Cookie", String.join("; ", cookies)));
        }
        String method = query.first("method");
        return TextRequest.of(
                method == null ? "GET" : method,
                url,
                headers,
                Optional.ofNullable(query.first("from")).map(InetAddress::ofLiteral));
    }

    private static TextRequest asked(JsonNode question) {
        if (!question.path("url").isTextual()) {
            throw new IllegalArgumentException("url is missing (expected: {\"url\": \"http://host/path\"})");
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> header : question.path("headers").properties()) {
            if (header.getValue().isArray()) {
                header.getValue().forEach(value -> headers.add(Map.entry(header.getKey(), value.asText())));
            } else {
                headers.add(Map.entry(header.getKey(), header.getValue().asText()));
            }
        }
        List<String> cookies = question.path("cookies").properties().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue().asText())
                .toList();
        if (!cookies.isEmpty()) {
            headers.add(Map.entry("Cookie", String.join("; ", cookies)));
        }
        return TextRequest.of(
                question.path("method").asText("GET"),
                question.path("url").asText(),
                headers,
                Optional.of(question.path("from").asText(""))
                        .filter(text -> !text.isEmpty())
                        .map(InetAddress::ofLiteral));
    }

    /** Also of Secrets without which endpoints cannot be spoken to, whoever names them: a DestinationRule is in no rule. */
    private List<String> problems(Explanation explanation) {
        Set<ObjectRef> concerned = new HashSet<>();
        explanation.rule().ifPresent(rule -> {
            concerned.add(rule.source());
            Stream.concat(Stream.of(rule.primary()), rule.canaries().stream().map(Rule.CanarySide::backend))
                    .flatMap(service -> watched.policyOf(service).security().stream())
                    .forEach(security -> concerned.add(security.source()));
        });
        Stream<Problem> ofSecrets = watched.problems().stream()
                .filter(problem -> problem.reason() == Reason.BAD_SECRET && concerned.contains(problem.object()));
        return Stream.concat(explanation.problems().stream(), ofSecrets)
                .map(Object::toString)
                .toList();
    }

    private Map<String, Object> fields(Explanation explanation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", explanation.status());
        fields.put("steps", explanation.steps());
        explanation.rule().ifPresent(rule -> fields.put("rule", path(rule)));
        explanation.side().ifPresent(side -> fields.put("side", target(side)));
        List<Map<String, Object>> chances = new ArrayList<>();
        for (Explanation.Chance chance : explanation.chances()) {
            Map<String, Object> target = target(chance.target());
            target.put("share", chance.share());
            chances.add(target);
        }
        fields.put("chances", chances);
        fields.put("others", explanation.others());
        fields.put("problems", problems(explanation));
        return fields;
    }

    private static Map<String, Object> target(Explanation.Target target) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("side", target.side());
        fields.put("service", target.backend().toString());
        fields.put("source", target.source().toString());
        return fields;
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
