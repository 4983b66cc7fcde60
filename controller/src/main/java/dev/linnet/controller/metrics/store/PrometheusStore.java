package dev.linnet.controller.metrics.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Ask.Way;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.rollout.judge.MetricValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Prometheus' HTTP API: an instant query. */
public final class PrometheusStore implements MetricStore {
    private final Fetch fetch;
    private final String address;
    private final Ask blank;

    /** The one whose address is set for built-in metrics. */
    public PrometheusStore(Fetch fetch, String address) throws StoreMistake {
        this(
                fetch,
                new MetricTemplateSpec.Provider(
                        "prometheus", Optional.of(address), Map.of(), Optional.empty(), Optional.empty(), false),
                Credentials.NONE);
    }

    PrometheusStore(Fetch fetch, MetricTemplateSpec.Provider provider, Credentials credentials) throws StoreMistake {
        this.fetch = fetch;
        this.address = provider.address()
                .orElseThrow(() -> new StoreMistake("address is missing (expected: such as http://prometheus:9090)"));
        Ask ask = Ask.get(Replies.url(address, "/")).via(Way.of(provider.insecure()));
        for (var header : provider.headers().entrySet()) {
            ask = ask.with(header.getKey(), header.getValue());
            for (String value : header.getValue()) {
                ask = ask.hiding(value);
            }
        }
        this.blank = authorized(ask, credentials);
    }

    private static Ask authorized(Ask ask, Credentials credentials) throws StoreMistake {
        if (!credentials.isGiven()) {
            return ask;
        }
        Optional<String> token = credentials.find("token");
        if (token.isPresent()) {
            return ask.withSecret("Authorization", "Bearer ", token.get());
        }
        String password = credentials.need("password");
        String account = credentials.need("username") + ":" + password;
        String encoded = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
        return ask.withSecret("Authorization", "Basic ", encoded).hiding(password);
    }

    @Override
    public MetricValue ask(String query, Duration lookback) throws InterruptedException {
        String line = query.strip().replaceAll("\\s+", " ");
        try {
            Ask ask = blank.to(Replies.url(address, "/api/v1/query?query=" + Replies.encoded(line)));
            return Replies.value(fetch, ask, PrometheusStore::read);
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(e.text());
        }
    }

    /** The last series counts, as in Flagger. Nothing divided by nothing means that nothing happened. */
    private static MetricValue read(JsonNode answer) {
        JsonNode result = answer.path("data").path("result");
        return switch (answer.path("data").path("resultType").asText()) {
            case "scalar" -> number(result.path(1));
            case "vector" ->
                result.isEmpty()
                        ? new MetricValue.NoData(Replies.NO_VALUES)
                        : number(result.path(result.size() - 1).path("value").path(1));
            case "matrix" -> new MetricValue.Unusable("query returned multiple values");
            default -> new MetricValue.StoreDown("the answer is none of Prometheus");
        };
    }

    private static MetricValue number(JsonNode value) {
        return value.asText().equals("NaN") ? new MetricValue.NoTraffic(Replies.NO_VALUES) : Replies.number(value);
    }

    @Override
    public Optional<String> trouble() throws InterruptedException {
        return Replies.trouble(ask("vector(1)", Duration.ZERO));
    }
}
