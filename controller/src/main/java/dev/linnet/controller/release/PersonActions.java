package dev.linnet.controller.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.controller.api.Canary;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;

/** The annotation {@code linnet.dev/action}: {@code {"do":"promote","by":"ann","at":"2026-01-01T00:00:00Z"}}. */
public final class PersonActions {
    /** The annotation's name. */
    public static final String ANNOTATION = "linnet.dev/action";

    private static final ObjectMapper JSON = new ObjectMapper();

    private PersonActions() {}

    /** What a Canary's annotation says; nothing, where it says nothing that is understood. */
    static PersonAction read(Canary canary) {
        String text = Objects.requireNonNullElse(canary.getMetadata().getAnnotations(), Map.<String, String>of())
                .getOrDefault(ANNOTATION, "");
        if (text.isEmpty()) {
            return PersonAction.NONE;
        }
        try {
            JsonNode action = JSON.readTree(text);
            return new PersonAction(
                    Verb.named(action.path("do").asText("")).orElse(Verb.NONE),
                    action.path("by").asText(""),
                    Instant.parse(action.path("at").asText("")));
        } catch (JsonProcessingException | DateTimeParseException e) {
            return PersonAction.NONE;
        }
    }

    /** What a person writes. */
    public static String text(Verb verb, String by, Instant at) {
        return JSON.createObjectNode()
                .put("do", verb.word())
                .put("by", by)
                .put("at", at.toString())
                .toString();
    }
}
