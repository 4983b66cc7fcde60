package dev.linnet.controller.metrics.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Ask.Way;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.rollout.judge.MetricValue;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes' external metrics API ({@code external.metrics.k8s.io/v1beta1}), of our own API server or of {@code address}. Another server
 * gets the token of the template's Secret and never our own.
 */
final class ExternalMetricsStore implements MetricStore {
    private static final Pattern QUERY =
            Pattern.compile("(?:([a-z0-9-]+)/)?([A-Za-z0-9._:-]+)(?:\\?labelSelector=(\\S*))?");
    private static final String API = "/apis/external.metrics.k8s.io/v1beta1";

    private final KubernetesClient client;
    private final Fetch fetch;
    private final Optional<String> address;
    private final boolean insecure;
    private final Optional<String> token;

    ExternalMetricsStore(
            KubernetesClient client, Fetch fetch, MetricTemplateSpec.Provider provider, Credentials credentials) {
        this.client = client;
        this.fetch = fetch;
        this.address = provider.address();
        this.insecure = provider.insecure();
        this.token = credentials.find("token");
    }

    @Override
    public MetricValue ask(String query, Duration lookback) throws InterruptedException {
        Matcher parts = QUERY.matcher(query.strip());
        if (!parts.matches()) {
            return new MetricValue.Unusable(
                    "query is " + query.strip() + " (expected: NAMESPACE/METRIC?labelSelector=…, URL-encoded)");
        }
        String namespace = Optional.ofNullable(parts.group(1)).orElse("default");
        String selector = parts.group(3) == null ? "" : "?labelSelector=" + parts.group(3);
        return get(API + "/namespaces/" + namespace + "/" + parts.group(2) + selector);
    }

    private MetricValue get(String path) throws InterruptedException {
        try {
            if (address.isPresent()) {
                Ask ask = Ask.get(Replies.url(address.get(), path)).via(Way.of(insecure));
                Ask known = token.map(own -> ask.withSecret("Authorization", "Bearer ", own))
                        .orElse(ask);
                return Replies.value(fetch, known, ExternalMetricsStore::read);
            }
            String answer = client.raw(path);
            return answer == null
                    ? new MetricValue.Unusable("error response: Status 404: no such metric")
                    : read(Serialization.unmarshal(answer, JsonNode.class));
        } catch (StoreMistake e) {
            return new MetricValue.Unusable(e.text());
        } catch (KubernetesClientException e) {
            String text = "error response: Status " + e.getCode() + ": " + e.getMessage();
            return e.getCode() >= 400 && e.getCode() < 500
                    ? new MetricValue.Unusable(text)
                    : new MetricValue.StoreDown(text);
        }
    }

    private static MetricValue read(JsonNode list) {
        String value = list.path("items").path(0).path("value").asText("");
        if (value.isEmpty()) {
            return new MetricValue.NoData(Replies.NO_VALUES);
        }
        try {
            return new MetricValue.Value(
                    Quantity.parse(value).getNumericalAmount().doubleValue());
        } catch (IllegalArgumentException _) {
            return new MetricValue.StoreDown("value is " + value + " (expected: a quantity)");
        }
    }

    /** A metric that nobody has: what counts is that somebody answers for the API. */
    @Override
    public Optional<String> trouble() throws InterruptedException {
        MetricValue value = get(API + "/namespaces/kube-system/dummy-metric");
        return value instanceof MetricValue.StoreDown ? Replies.trouble(value) : Optional.empty();
    }
}
