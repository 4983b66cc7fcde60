package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A MetricTemplate (spec of Flagger, §1.7): what is asked, and where.
 *
 * @param query a template of Go's
 */
public record MetricTemplateSpec(Provider provider, String query) {

    /**
     * Where it is asked.
     *
     * @param type     {@code prometheus}, {@code datadog}, …
     * @param headers  of requests to it
     * @param secret   name of the Secret with its credentials, in the template's namespace
     * @param region   CloudWatch's
     * @param insecure whether any certificate will do
     */
    public record Provider(
            String type,
            Optional<String> address,
            Map<String, List<String>> headers,
            Optional<String> secret,
            Optional<String> region,
            boolean insecure) {
        public Provider {
            headers = Map.copyOf(headers);
        }
    }

    public static MetricTemplateSpec read(JsonNode spec) {
        JsonNode provider = spec.path("provider");
        return new MetricTemplateSpec(
                new Provider(
                        provider.path("type").asText(),
                        CanaryReader.text(provider.path("address")),
                        headers(provider.path("headers")),
                        CanaryReader.text(provider.path("secretRef").path("name")),
                        CanaryReader.text(provider.path("region")),
                        provider.path("insecureSkipVerify").asBoolean()),
                spec.path("query").asText());
    }

    private static Map<String, List<String>> headers(JsonNode headers) {
        Map<String, List<String>> read = new LinkedHashMap<>();
        headers.properties().forEach(header -> {
            List<String> values = new ArrayList<>();
            header.getValue().forEach(value -> values.add(value.asText()));
            read.put(header.getKey(), List.copyOf(values));
        });
        return read;
    }
}
