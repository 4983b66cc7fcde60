package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelRuntime.Program;
import java.util.Optional;

/**
 * One compiled rule.
 *
 * @param declared    as the schema has it
 * @param message     makes the message, where the rule says how
 * @param usesOldSelf whether it is about a change, and not about a value
 */
record Rule(JsonNode declared, Program program, Optional<Program> message, boolean usesOldSelf) {

    String source() {
        return declared.path("rule").asText().strip();
    }

    /** Whether it is evaluated for new values too, with an {@code oldSelf} that is not there. */
    boolean optionalOldSelf() {
        return declared.path("optionalOldSelf").asBoolean();
    }

    /** How messages name the rule. */
    String shown() {
        String text = declared.path("message").asText();
        return text.isEmpty() ? source() : text.strip();
    }

    String failure() {
        String text = declared.path("message").asText();
        return text.isEmpty() ? "failed rule: " + source() : text.strip();
    }

    /** Where the error belongs, below the value that was checked; with a leading dot, or empty. */
    String fieldPath() {
        return declared.path("fieldPath").asText().strip();
    }
}
