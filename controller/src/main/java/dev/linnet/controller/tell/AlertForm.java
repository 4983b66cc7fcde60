package dev.linnet.controller.tell;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a receiver wants alerts written. Its text is {@code spec.type} of an AlertProvider. */
public enum AlertForm {
    SLACK,
    DISCORD,
    ROCKET,
    MSTEAMS,
    GCHAT,
    /** Any receiver of CloudEvents 1.0, in their JSON form. Not one of Flagger's. */
    CLOUDEVENTS;

    static Optional<AlertForm> named(String type) {
        return Arrays.stream(values())
                .filter(form -> form.toString().equals(type))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
