package dev.linnet.machine.node.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.node.stats.Reading.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final MeasuredContainer.Pod POD =
            new MeasuredContainer.Pod("shop", "web", "uid-1", "node-1", Instant.parse("2026-11-30T00:00:00Z"));

    private final List<Duration> pauses = new ArrayList<>();
    private final Map<MeasuredContainer, Usage> used = new HashMap<>();
    private Instant now = Instant.parse("2026-11-30T10:00:00Z");
    private int looks;
    private long millisPerSecond;
    private final Meter meter = new Meter(this::look, () -> now, this::pass);

    private Map<MeasuredContainer, Usage> look() {
        looks++;
        return Map.copyOf(used);
    }

    /** Time goes by, in which all containers work on. */
    private void pass(Duration duration) {
        pauses.add(duration);
        now = now.plus(duration);
        used.replaceAll((_, usage) ->
                new Usage(usage.cpu().plusMillis(millisPerSecond * duration.toSeconds()), usage.memory()));
    }

    private static MeasuredContainer container(String name, int life) {
        return new MeasuredContainer(POD, name, life);
    }

    private long milliCores(MeasuredContainer container) throws InterruptedException {
        Rate rate = meter.read().containers().get(container);
        return rate == null ? -1 : rate.nanoCores() / 1_000_000;
    }

    @Test
    void looksTwiceWhenNobodyHasAskedForLong() throws Exception {
        millisPerSecond = 250;
        used.put(container("app", 0), new Usage(Duration.ofHours(1), 4096));

        assertThat(milliCores(container("app", 0))).isEqualTo(250);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
        assertThat(meter.read().window()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void goesByTheTimeSinceSomebodyAskedBefore() throws Exception {
        used.put(container("app", 0), new Usage(Duration.ZERO, 4096));
        meter.read();
        millisPerSecond = 100;
        pass(Duration.ofSeconds(15));

        assertThat(milliCores(container("app", 0))).isEqualTo(100);
        assertThat(meter.read().window()).isEqualTo(Duration.ofSeconds(15));
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void tellsTheSameToWhoeverAsksAtOnceAgain() throws Exception {
        used.put(container("app", 0), new Usage(Duration.ZERO, 4096));
        Reading first = meter.read();
        pass(Duration.ofSeconds(4));

        assertThat(meter.read()).isEqualTo(first);
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void leavesOutWhatHasNotRunAllTheTime() throws Exception {
        used.put(container("app", 0), new Usage(Duration.ofSeconds(7), 4096));
        meter.read();
        pass(Duration.ofSeconds(15));
        used.clear();
        used.put(container("app", 1), new Usage(Duration.ofSeconds(1), 4096));

        assertThat(milliCores(container("app", 1))).isEqualTo(-1);
        pass(Duration.ofSeconds(15));
        assertThat(milliCores(container("app", 1))).isZero();
    }

    @Test
    void neverTellsOfLessThanNothing() throws Exception {
        used.put(container("app", 0), new Usage(Duration.ofSeconds(7), 4096));
        meter.read();
        pass(Duration.ofSeconds(15));
        used.put(container("app", 0), new Usage(Duration.ofSeconds(6), 4096));

        assertThat(milliCores(container("app", 0))).isZero();
    }

    @Test
    void sumsUpOnlyWhatRunsOnTheNode() throws Exception {
        millisPerSecond = 10;
        used.put(container("app", 0), new Usage(Duration.ofSeconds(7), 4096));
        used.put(container("side", 0), new Usage(Duration.ofSeconds(1), 1024));
        Reading reading = meter.read();

        assertThat(new Summary("node-1", reading).tree().toString())
                .contains("nodeName=node-1", "window=1s")
                .contains("usageNanoCores=20000000", "workingSetBytes=5120", "name=side");
        assertThat(new Summary("node-2", reading).tree().toString()).contains("usageNanoCores=0", "pods=[]");
    }
}
