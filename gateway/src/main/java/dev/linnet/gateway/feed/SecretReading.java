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
            case Present present -> Optional.of(present.data());
            case Missing _, Unreadable _ -> Optional.empty();
        };
    }

    default String seenVersion() {
        return switch (this) {
            case Present present -> present.version();
            case Missing _, Unreadable _ -> "";
        };
    }

    /** Whether another reading has found the same. */
    default boolean isAs(SecretReading other) {
        return switch (this) {
            case Present present ->
                other instanceof Present && present.version().equals(other.seenVersion());
            case Missing _, Unreadable _ -> equals(other);
        };
    }
}
