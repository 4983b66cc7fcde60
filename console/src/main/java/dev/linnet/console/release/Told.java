package dev.linnet.console.release;

import java.time.Instant;

/**
 * Something that was said about a Canary: an Event.
 *
 * @param id  the last part of the Event's name: {@code <run>-<number>} where it belongs to a run
 */
public record Told(String id, Instant at, boolean warning, String text) {

    /** Whether it was said in this run. */
    public boolean isOf(int run) {
        return id.startsWith(run + "-");
    }

    /** What it is about, for its mark in a timeline. */
    public Kind kind() {
        if (text.startsWith("Halt ") && text.contains("waiting for")) {
            return Kind.GATE;
        }
        if (text.startsWith("Halt ")) {
            return Kind.FAILED_CHECK;
        }
        if (text.startsWith("Advance ")) {
            return Kind.STEP;
        }
        if (text.startsWith("Promotion completed") || text.startsWith("Initialization done")) {
            return Kind.GOOD_END;
        }
        if (text.startsWith("Rolling back") || text.startsWith("Canary failed") || text.startsWith("Promotion of")) {
            return Kind.BAD_END;
        }
        return text.contains(" asked for by ") ? Kind.PERSON : warning ? Kind.WARNING : Kind.NOTE;
    }

    /** What a message is about. */
    public enum Kind {
        STEP,
        GATE,
        FAILED_CHECK,
        GOOD_END,
        BAD_END,
        PERSON,
        WARNING,
        NOTE
    }
}
