package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * An AlertProvider (spec of Flagger, §1.8): whom alerts are told.
 *
 * @param type     {@code slack}, {@code msteams}, {@code discord}, {@code rocket}, {@code gchat}, or our {@code cloudevents}
 * @param channel  where there
 * @param username in whose name
 * @param address  the URL of its webhook, which may be a secret
 * @param proxy    that it is called through
 * @param secret   name of the Secret with {@code address} and perhaps {@code token}, in the provider's namespace
 */
public record AlertProviderSpec(
        String type,
        String channel,
        String username,
        Optional<String> address,
        Optional<String> proxy,
        Optional<String> secret) {

    public static AlertProviderSpec read(JsonNode spec) {
        return new AlertProviderSpec(
                spec.path("type").asText(),
                CanaryReader.text(spec.path("channel")).orElse("general"),
                CanaryReader.text(spec.path("username")).orElse("flagger"),
                CanaryReader.text(spec.path("address")),
                CanaryReader.text(spec.path("proxy")),
                CanaryReader.text(spec.path("secretRef").path("name")));
    }

    /** Without the address, which may be a secret. */
    @Override
    public String toString() {
        return "AlertProviderSpec[" + type + ", " + channel + "]";
    }
}
