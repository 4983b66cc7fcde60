package dev.linnet.controller.metrics.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.rollout.judge.MetricValue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Datadog's query API, version 1. */
final class DatadogStore implements MetricStore {
    private static final String ADDRESS = "https://api.datadoghq.com";

    private final Fetch fetch;
    private final InstantSource clock;
    private final String address;
    private final Ask blank;

    DatadogStore(Fetch fetch, InstantSource clock, MetricTemplateSpec.Provider provider, Credentials credentials)
            throws StoreMistake {
        this.fetch = fetch;
        this.clock = clock;
        this.address = provider.address().orElse(ADDRESS);
        this.blank = Ask.get(Replies.url(address, "/"))
                .with("Content-Type", "application/json")
                .withSecret("DD-API-KEY", "", credentials.need("datadog_api_key"))
                .withSecret("DD-APPLICATION-KEY", "", credentials.need("datadog_application_key"));
    }

    @Override
    public MetricValue ask(String query, Duration lookback) throws InterruptedException {
        try {
            long now = clock.instant().getEpochSecond();
            long from = now - Lookbacks.tenfold(lookback).toSeconds();
            String path = "/api/v1/query?query=" + Replies.encoded(query) + "&from=" + from + "&to=" + now;
            return Replies.value(fetch, blank.to(Replies.url(address, path)), DatadogStore::read);
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(e.text());
        }
    }

    /** The newest point that has a number: what was there before the version came says nothing about it. */
    private static MetricValue read(JsonNode answer) {
        JsonNode points = answer.path("series").path(0).path("pointlist");
        for (int i = points.size() - 1; i >= 0; i--) {
            MetricValue value = Replies.number(points.path(i).path(1));
            if (value instanceof MetricValue.Value) {
                return value;
            }
        }
        String error = answer.path("error").asText("");
        return error.isEmpty() ? new MetricValue.NoData(Replies.NO_VALUES) : new MetricValue.Unusable(error);
    }

    @Override
    public Optional<String> trouble() throws InterruptedException {
        try {
            Ask ask = blank.to(Replies.url(address, "/api/v1/validate"));
            return Replies.trouble(Replies.value(fetch, ask, _ -> new MetricValue.Value(1)));
        } catch (StoreMistake e) {
            return Optional.of(e.text());
        }
    }
}
