package dev.linnet.machine.node.stats;

import dev.linnet.machine.node.stats.Reading.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Measures when somebody asks, by the difference to what was found when somebody asked before. If that was too long ago to say anything of now, or never,
 * it looks twice. Whoever asks again at once is told the same.
 */
public final class Meter {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration OLD = Duration.ofMinutes(1);
    /** Linux counts processor time in hundredths of a second. */
    private static final Duration BETWEEN_TWO_LOOKS = Duration.ofSeconds(1);

    /** Waits. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    private final Supplier<Map<MeasuredContainer, Usage>> look;
    private final InstantSource clock;
    private final Pause pause;
    private Optional<Sample> last = Optional.empty();
    private Optional<Reading> reading = Optional.empty();

    /** @param look finds what all containers use */
    public Meter(Supplier<Map<MeasuredContainer, Usage>> look, InstantSource clock, Pause pause) {
        this.look = look;
        this.clock = clock;
        this.pause = pause;
    }

    /** Takes about a second when nobody has asked for a minute. */
    synchronized Reading read() throws InterruptedException {
        Instant now = clock.instant();
        Optional<Reading> told = reading.filter(earlier -> isWithin(FRESH, earlier.at(), now));
        if (told.isPresent()) {
            return told.get();
        }
        Optional<Sample> recent = last.filter(earlier -> isWithin(OLD, earlier.at(), now));
        Sample before;
        if (recent.isPresent()) {
            before = recent.get();
        } else {
            before = sample();
            pause.of(BETWEEN_TWO_LOOKS);
        }
        Sample after = sample();
        Reading measured = Reading.between(before, after);
        last = Optional.of(after);
        reading = Optional.of(measured);
        return measured;
    }

    /** Also when the clock was turned back. */
    private static boolean isWithin(Duration age, Instant then, Instant now) {
        return !then.isAfter(now) && Duration.between(then, now).compareTo(age) < 0;
    }

    private Sample sample() {
        return new Sample(clock.instant(), look.get());
    }
}
