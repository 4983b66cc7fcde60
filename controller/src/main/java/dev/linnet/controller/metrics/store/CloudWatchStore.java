package dev.linnet.controller.metrics.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.controller.metrics.aws.NoIdentity;
import dev.linnet.controller.metrics.aws.Signature;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.rollout.judge.MetricValue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Amazon CloudWatch's GetMetricData: the query is a JSON list of MetricDataQuery, passed on as it is. */
final class CloudWatchStore implements MetricStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_DATAPOINTS = 20;

    private final Fetch fetch;
    private final InstantSource clock;
    private final AwsIdentities identities;
    private final String region;
    private final URI url;

    CloudWatchStore(Fetch fetch, InstantSource clock, AwsIdentities identities, MetricTemplateSpec.Provider provider)
            throws StoreMistake {
        this.fetch = fetch;
        this.clock = clock;
        this.identities = identities;
        this.region = provider.region()
                .orElseThrow(() -> new StoreMistake("region is missing (expected: such as eu-central-1)"));
        if (!region.matches("[a-z0-9-]+")) {
            throw new StoreMistake("region is " + region + " (expected: such as eu-central-1)");
        }
        this.url = Replies.url(provider.address().orElse("https://monitoring." + region + ".amazonaws.com"), "/");
    }

    @Override
    public MetricValue ask(String query, Duration lookback) throws InterruptedException {
        try {
            return value(body(query, Lookbacks.tenfold(lookback)));
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(e.text());
        }
    }

    private ObjectNode body(String query, Duration window) throws StoreMistake {
        try {
            JsonNode queries = JSON.readTree(query);
            if (!queries.isArray() || queries.isEmpty()) {
                throw new StoreMistake("query is no JSON list (expected: a list of MetricDataQuery)");
            }
            Instant now = clock.instant();
            ObjectNode body = JSON.createObjectNode();
            body.set("MetricDataQueries", queries);
            body.put("StartTime", now.minus(window).getEpochSecond());
            body.put("EndTime", now.getEpochSecond());
            body.put("MaxDatapoints", MOST_DATAPOINTS);
            return body;
        } catch (JsonProcessingException e) {
            throw new StoreMistake("error unmarshaling query: " + e.getOriginalMessage());
        }
    }

    private MetricValue value(ObjectNode body) throws InterruptedException {
        Ask ask = Ask.post(url, "application/x-amz-json-1.0", body.toString())
                .with("X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData");
        try {
            Signature signature = new Signature(identities.identity(region), region, "monitoring");
            return Replies.value(fetch, signature.sign(ask, clock.instant()), CloudWatchStore::read);
        } catch (NoIdentity e) {
            return new MetricValue.StoreDown(e.text());
        }
    }

    /** The newest comes first. */
    private static MetricValue read(JsonNode answer) {
        return Replies.number(
                answer.path("MetricDataResults").path(0).path("Values").path(0));
    }

    /** An empty question, which it refuses with 400 if it knows us. */
    @Override
    public Optional<String> trouble() throws InterruptedException {
        ObjectNode empty = JSON.createObjectNode();
        empty.putArray("MetricDataQueries");
        MetricValue value = value(empty);
        boolean refused =
                value instanceof MetricValue.Unusable(String text) && text.startsWith("error response: Status 400");
        return refused ? Optional.empty() : Replies.trouble(value);
    }
}
