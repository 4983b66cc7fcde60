package dev.linnet.console.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Parts that are made anew only once something has changed in the cluster, or what the looker may see could have. */
final class Seldom implements LiveParts {
    /** As long as an answer about rights holds. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Desk desk;
    private final LiveParts parts;
    private Map<String, String> last = Map.of();
    private long changes = -1;
    private Instant until = Instant.EPOCH;

    Seldom(Desk desk, LiveParts parts) {
        this.desk = desk;
        this.parts = parts;
    }

    @Override
    public Map<String, String> now() throws InterruptedException {
        long count = desk.releases().changed().count();
        Instant now = desk.clock().instant();
        if (count != changes || now.isAfter(until)) {
            last = parts.now();
            changes = count;
            until = now.plus(LONGEST);
        }
        return last;
    }
}
