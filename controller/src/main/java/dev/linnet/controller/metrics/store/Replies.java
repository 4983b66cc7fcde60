package dev.linnet.controller.metrics.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.NoReply;
import dev.linnet.controller.fetch.Reply;
import dev.linnet.rollout.judge.MetricValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** What all stores answer alike: JSON, or an error whose status tells whose fault it is. */
final class Replies {
    /** Flagger's words where a store has nothing. */
    static final String NO_VALUES = "no values found";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Replies() {}

    /** The value that a reply holds. */
    static MetricValue value(Fetch fetch, Ask ask, Function<JsonNode, MetricValue> read) throws InterruptedException {
        try {
            Reply reply = fetch.fetch(ask);
            if (!reply.isOk()) {
                return error(reply);
            }
            return read.apply(JSON.readTree(reply.body()));
        } catch (NoReply e) {
            return new MetricValue.StoreDown(e.text());
        } catch (JsonProcessingException _) {
            return new MetricValue.StoreDown(ask.server() + ": the answer is no JSON");
        }
    }

    /** What no other query would be refused for is the store's trouble; the rest is the query's author's. */
    private static MetricValue error(Reply reply) {
        String text = "error response: Status " + reply.status() + ": " + reply.excerpt();
        return reply.isTransient() ? new MetricValue.StoreDown(text) : new MetricValue.Unusable(text);
    }

    /** Why a store does not answer a harmless request. */
    static Optional<String> trouble(MetricValue value) {
        return switch (value) {
            case MetricValue.StoreDown(String detail) -> Optional.of(detail);
            case MetricValue.Unusable(String text) -> Optional.of(text);
            case MetricValue.Value _, MetricValue.NoData _, MetricValue.NoTraffic _ -> Optional.empty();
        };
    }

    /** A number, as JSON or as text. */
    static MetricValue number(JsonNode node) {
        try {
            double number = node.isTextual() ? parsed(node.asText()) : node.isNumber() ? node.asDouble() : Double.NaN;
            return Double.isNaN(number) ? new MetricValue.NoData(NO_VALUES) : new MetricValue.Value(number);
        } catch (NumberFormatException _) {
            return new MetricValue.NoData(NO_VALUES);
        }
    }

    private static double parsed(String text) {
        return switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The address of a store, with a path and a query behind it. */
    static URI url(String address, String pathAndQuery) throws StoreMistake {
        try {
            URI base = URI.create(address.strip());
            boolean isWeb = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (isWeb && base.getHost() != null && base.getRawQuery() == null) {
                return URI.create(address.strip().replaceAll("/+$", "") + pathAndQuery);
            }
        } catch (IllegalArgumentException _) {
            // Told below, without the text: it may hold a password.
        }
        throw new StoreMistake("address is no URL (expected: such as http://prometheus:9090)");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
