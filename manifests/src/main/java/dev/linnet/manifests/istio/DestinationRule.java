package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.Problem;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A DestinationRule, read (spec §2).
 *
 * @param host      whole name, or pattern with a star in front
 * @param exportTo  namespaces that may see it; empty for all
 * @param balancing of the whole Service
 * @param subsets   by name
 */
record DestinationRule(
        IstioObject object,
        String host,
        Set<String> exportTo,
        Balancing balancing,
        Map<String, Part> subsets,
        List<Problem> problems) {
    private static final String[] NOT_OBEYED = {
        "connectionPool", "outlierDetection", "tls", "portLevelSettings", "tunnel", "proxyProtocol", "retryBudget"
    };

    DestinationRule {
        subsets = Map.copyOf(subsets);
        problems = List.copyOf(problems);
    }

    /** A subset. */
    record Part(Map<String, String> labels, Balancing balancing) {
        Part {
            labels = Map.copyOf(labels);
        }
    }

    static DestinationRule read(IstioObject object) {
        Author author = new Author(object.ref());
        JsonNode spec = object.spec();
        String namespace = object.ref().namespace();
        JsonNode policy = spec.path("trafficPolicy");
        author.notObeyed(policy, "spec.trafficPolicy", NOT_OBEYED);
        author.notObeyed(spec, "spec", "workloadSelector");
        Balancing all = balancing(policy.path("loadBalancer"), "spec.trafficPolicy.loadBalancer", author)
                .orElse(Balancing.UNSAID);
        Map<String, Part> subsets = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode subset : spec.path("subsets")) {
            String where = "spec.subsets[" + index++ + "]";
            String name = subset.path("name").asText("");
            author.notObeyed(subset.path("trafficPolicy"), where + ".trafficPolicy", NOT_OBEYED);
            Balancing own = balancing(
                            subset.path("trafficPolicy").path("loadBalancer"),
                            where + ".trafficPolicy.loadBalancer",
                            author)
                    .orElse(all);
            Part part = new Part(MatchReader.labels(subset.path("labels")), own);
            if (subsets.putIfAbsent(name, part) != null) {
                author.mistake(where + ".name", "is " + name + " a second time (expected: once)");
            }
        }
        return new DestinationRule(
                object,
                Names.host(spec.path("host").asText(""), namespace),
                VirtualServiceReader.exportTo(spec.path("exportTo"), namespace),
                all,
                subsets,
                author.problems());
    }

    private static Optional<Balancing> balancing(JsonNode balancer, String where, Author author) {
        author.notObeyed(balancer, where, "localityLbSetting", "warmup", "warmupDurationSecs", "zoneAwareLbSetting");
        JsonNode hash = balancer.path("consistentHash");
        if (!hash.isMissingNode()) {
            return hashed(hash, where + ".consistentHash", author);
        }
        String simple = balancer.path("simple").asText("");
        return switch (simple) {
            case "" -> Optional.empty();
            case "UNSPECIFIED", "LEAST_REQUEST", "LEAST_CONN" -> Optional.of(new Balancing.By(Scheduler.LC));
            case "ROUND_ROBIN", "RANDOM" -> Optional.of(new Balancing.By(Scheduler.RR));
            default -> {
                author.notObeyed(where + ".simple", "is " + simple + ", which is not obeyed: endpoints take turns");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Balancing> hashed(JsonNode hash, String where, Author author) {
        Optional<String> key = Author.text(hash.path("httpHeaderName"))
                .map(name -> "$http_" + name.toLowerCase(Locale.ROOT).replace('-', '_'))
                .or(() -> Author.text(hash.path("httpQueryParameterName")).map(name -> "$arg_" + name))
                .or(() -> Author.text(hash.path("httpCookie").path("name")).map(name -> "$cookie_" + name))
                .or(() -> hash.path("useSourceIp").asBoolean() ? Optional.of("$remote_addr") : Optional.empty());
        if (key.isEmpty()) {
            author.mistake(
                    where,
                    "names no key (expected: one of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName)");
        }
        if (hash.path("httpCookie").has("ttl")) {
            author.notObeyed(where + ".httpCookie.ttl", "is not obeyed: the cookie is not set where it is missing");
        }
        return key.map(text -> new Balancing.Hashed(KeyExpression.of(text)));
    }
}
