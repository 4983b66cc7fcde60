package dev.linnet.controller.metrics.store;

import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;

/** Makes the store that a template names. */
public record MetricStores(KubernetesClient client, Fetch fetch, AwsIdentities aws, InstantSource clock) {

    /** @throws StoreMistake if the template or its Secret lacks something, or asks for a store that is not here */
    public MetricStore of(MetricTemplateSpec.Provider provider, Credentials credentials) throws StoreMistake {
        return switch (provider.type()) {
            case "prometheus" -> new PrometheusStore(fetch, provider, credentials);
            case "datadog" -> new DatadogStore(fetch, clock, provider, credentials);
            case "cloudwatch" -> new CloudWatchStore(fetch, clock, aws, provider);
            case "externalmetrics" -> new ExternalMetricsStore(client, fetch, provider, credentials);
            default ->
                throw new StoreMistake("provider type is " + provider.type()
                        + ", which is not here yet (expected: prometheus, datadog, cloudwatch or externalmetrics)");
        };
    }
}
