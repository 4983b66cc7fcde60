package dev.linnet.controller.metrics.store;

import dev.linnet.routing.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * What a template's Secret holds.
 *
 * @param name   of the Secret; empty if the template names none
 * @param values by key
 */
public record Credentials(String name, Secret<Map<String, String>> values) {
    public static final Credentials NONE = new Credentials("", Secret.of(Map.of()));

    Optional<String> find(String key) {
        return Optional.ofNullable(values.reveal().get(key)).map(String::strip);
    }

    String need(String key) throws StoreMistake {
        return find(key)
                .orElseThrow(() -> new StoreMistake(
                        name.isEmpty()
                                ? "secretRef is missing (expected: a Secret with " + key + ")"
                                : "Secret " + name + " has no " + key));
    }

    boolean isGiven() {
        return !name.isEmpty();
    }
}
