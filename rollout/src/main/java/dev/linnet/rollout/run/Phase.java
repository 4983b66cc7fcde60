package dev.linnet.rollout.run;

import java.util.Arrays;
import java.util.Optional;

/** Where a release stands, in Flagger's words: its text is {@code status.phase}. */
public enum Phase {
    /** Nobody has looked at this Canary yet. */
    NEW(""),
    INITIALIZING("Initializing"),
    INITIALIZED("Initialized"),
    /** A new version, but nobody has allowed its release to begin. */
    WAITING("Waiting"),
    PROGRESSING("Progressing"),
    /** Tried out, but nobody has allowed its promotion. Checks go on. */
    WAITING_PROMOTION("WaitingPromotion"),
    /** The primary has the new version and rolls. */
    PROMOTING("Promoting"),
    /** All traffic is with the primary; the canary goes when its last requests are answered. */
    FINALISING("Finalising"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    TERMINATING("Terminating"),
    /** Never written, but valid in Flagger's API. */
    TERMINATED("Terminated");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    /** The one of Flagger's word. */
    public static Optional<Phase> named(String word) {
        return Arrays.stream(values()).filter(phase -> phase.word.equals(word)).findFirst();
    }

    /** Whether a version is being released. */
    public boolean isRunning() {
        return switch (this) {
            case WAITING, PROGRESSING, WAITING_PROMOTION, PROMOTING, FINALISING -> true;
            case NEW, INITIALIZING, INITIALIZED, SUCCEEDED, FAILED, TERMINATING, TERMINATED -> false;
        };
    }

    /** Whether a version is being tried out, so that checks count. */
    public boolean isAnalysing() {
        return this == PROGRESSING || this == WAITING_PROMOTION;
    }

    @Override
    public String toString() {
        return word;
    }
}
