package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.flagger.GoDuration;
import dev.linnet.manifests.istio.PolicyBlocks.Connections;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Balancing.Missing;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Scheduler;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import dev.linnet.routing.policy.TrafficPolicy.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what DestinationRules say of a Service, a subset or a port (spec §2.5, §2.6). */
final class PolicyReader {
    private static final int USUAL_ERRORS = 5;
    private static final int USUAL_MOST_PERCENT = 10;
    private static final int ALL = 100;
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration USUAL_BASE = Duration.ofSeconds(30);

    private final Author author;

    PolicyReader(Author author) {
        this.author = author;
    }

    /** @param where {@code spec.trafficPolicy} */
    PolicyBlocks read(JsonNode policy, String where) {
        author.notObeyed(policy, where, "tunnel", "proxyProtocol", "retryBudget");
        Map<Integer, PolicyBlocks> ports = new HashMap<>();
        int index = 0;
        for (JsonNode port : policy.path("portLevelSettings")) {
            String path = where + ".portLevelSettings[" + index++ + "]";
            int number = port.path("port").path("number").asInt(0);
            if (number == 0) {
                author.mistake(path + ".port.number", "is missing (expected: a port of the Service)");
            } else {
                ports.put(number, blocks(port, path, Map.of()));
            }
        }
        return blocks(policy, where, ports);
    }

    private PolicyBlocks blocks(JsonNode policy, String where, Map<Integer, PolicyBlocks> ports) {
        return new PolicyBlocks(
                balancing(policy.path("loadBalancer"), where + ".loadBalancer"),
                there(policy.path("connectionPool")).map(pool -> connections(pool, where + ".connectionPool")),
                there(policy.path("outlierDetection")).map(node -> outliers(node, where + ".outlierDetection")),
                there(policy.path("tls")).map(node -> new UpstreamTlsReader(author).read(node, where + ".tls")),
                ports);
    }

    private static Optional<JsonNode> there(JsonNode node) {
        return node.isObject() ? Optional.of(node) : Optional.empty();
    }

    private Connections connections(JsonNode pool, String where) {
        JsonNode tcp = pool.path("tcp");
        JsonNode http = pool.path("http");
        author.notObeyed(tcp, where + ".tcp", "tcpKeepalive", "maxConnectionDuration", "idleTimeout");
        author.notObeyed(http, where + ".http", "idleTimeout", "maxConcurrentStreams");
        int pending = number(http, where + ".http", "http1MaxPendingRequests");
        Pool limits = new Pool(
                number(tcp, where + ".tcp", "maxConnections"),
                pending == 0 ? Pool.LONGEST_LINE : Math.min(pending, Pool.LONGEST_LINE),
                number(http, where + ".http", "http2MaxRequests"),
                number(http, where + ".http", "maxRetries"),
                number(http, where + ".http", "maxRequestsPerConnection"),
                duration(tcp, where + ".tcp", "connectTimeout"));
        return new Connections(limits, version(http, where + ".http"));
    }

    private Version version(JsonNode http, String where) {
        boolean upgrades = http.path("h2UpgradePolicy").asText("").equals("UPGRADE");
        if (!http.path("useClientProtocol").asBoolean()) {
            return upgrades ? Version.HTTP_2 : Version.HTTP_1;
        }
        if (upgrades) {
            author.mistake(
                    where + ".h2UpgradePolicy",
                    "is UPGRADE beside useClientProtocol (expected: one of them): endpoints are spoken to as clients speak");
        }
        return Version.OF_CLIENT;
    }

    /** Zero if nothing is said, which means the same. */
    private int number(JsonNode in, String where, String field) {
        long value = in.path(field).asLong(0);
        if (value < 0) {
            author.mistake(where + "." + field, "is " + value + " (expected: 0 or more)");
        }
        return Math.clamp(value, 0, Integer.MAX_VALUE);
    }

    private Optional<Duration> duration(JsonNode in, String where, String field) {
        Optional<String> text = Author.text(in.path(field));
        Optional<Duration> duration = text.flatMap(GoDuration::parse).filter(Duration::isPositive);
        if (text.isPresent() && duration.isEmpty()) {
            author.mistake(
                    where + "." + field, "is \"" + text.get() + "\" (expected: a duration such as 500ms or 1m30s)");
        }
        return duration;
    }

    private Outliers outliers(JsonNode outliers, String where) {
        author.notObeyed(outliers, where, "consecutiveErrors", "outlierDetectionHttpErrorCodes");
        boolean split = outliers.path("splitExternalLocalOriginErrors").asBoolean();
        return new Outliers(
                outliers.has("consecutive5xxErrors") ? number(outliers, where, "consecutive5xxErrors") : USUAL_ERRORS,
                number(outliers, where, "consecutiveGatewayErrors"),
                split ? local(outliers, where) : 0,
                duration(outliers, where, "interval").orElse(USUAL_INTERVAL),
                duration(outliers, where, "baseEjectionTime").orElse(USUAL_BASE),
                percent(outliers, where, "maxEjectionPercent", USUAL_MOST_PERCENT),
                percent(outliers, where, "minHealthPercent", 0));
    }

    private int local(JsonNode outliers, String where) {
        int said = number(outliers, where, "consecutiveLocalOriginFailures");
        return said == 0 ? USUAL_ERRORS : said;
    }

    /** Zero is as nothing. */
    private int percent(JsonNode in, String where, String field, int usual) {
        int value = in.path(field).asInt(0);
        if (value < 0 || value > ALL) {
            author.mistake(where + "." + field, "is " + value + " (expected: 0 to 100)");
        }
        return value == 0 ? usual : Math.clamp(value, 0, ALL);
    }

    private Optional<Balancing> balancing(JsonNode balancer, String where) {
        author.notObeyed(balancer, where, "localityLbSetting", "warmup", "warmupDurationSecs", "zoneAwareLbSetting");
        JsonNode hash = balancer.path("consistentHash");
        if (!hash.isMissingNode()) {
            return hashed(hash, where + ".consistentHash");
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

    private Optional<Balancing> hashed(JsonNode hash, String where) {
        Optional<String> key = Author.text(hash.path("httpHeaderName"))
                .map(name -> "http_" + name)
                .or(() -> Author.text(hash.path("httpQueryParameterName")).map(name -> "arg_" + name))
                .or(() -> Author.text(hash.path("httpCookie").path("name")).map(name -> "cookie_" + name))
                .or(() -> hash.path("useSourceIp").asBoolean() ? Optional.of("remote_addr") : Optional.empty());
        if (key.isEmpty()) {
            author.mistake(
                    where,
                    "names no key (expected: one of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName)");
        }
        Missing missing = missing(hash.path("httpCookie"), where + ".httpCookie");
        return key.map(name -> new Balancing.Hashed(KeyExpression.ofVariable(name), missing));
    }

    /** With a ttl, whoever lacks the cookie gets one. */
    private Missing missing(JsonNode cookie, String where) {
        author.notObeyed(cookie, where, "attributes");
        String name = cookie.path("name").asText("");
        String path = cookie.path("path").asText("");
        Optional<Duration> ttl = Author.text(cookie.path("ttl")).flatMap(GoDuration::parse);
        if (!cookie.has("ttl")) {
            return new Missing.Anyone();
        }
        if (ttl.isEmpty() || !HeaderLine.isValid(name, path) || path.indexOf(';') >= 0) {
            author.mistake(
                    where,
                    "makes no cookie, and none is given (expected: a name of letters, digits and -, a path, and a ttl such as 1h)");
            return new Missing.Anyone();
        }
        return new Missing.Issued(name, path, ttl.get());
    }
}
