package dev.linnet.gateway.feed;

import dev.linnet.routing.Secret;
import java.util.Map;
import java.util.Optional;

/** What reading a Secret has given. */
sealed interface SecretReading {
    record Present(Secret<Map<String, byte[]>> data, String version) implements SecretReading {}

    record Missing() implements SecretReading {}

    /** @param why for a person */
    record Unreadable(String why) implements SecretReading {}

    default Optional<Secret<Map<String, byte[]>>> content() {
        return switch (this) {
            case Present(var data, _) -> Optional.of(data);
            case Missing _, Unreadable _ -> Optional.empty();
        };
    }

    default String seenVersion() {
        return switch (this) {
            case Present(_, String version) -> version;
            case Missing _, Unreadable _ -> "";
        };
    }
}
