package dev.linnet.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GenerationsTest {
    private final AtomicInteger made = new AtomicInteger();
    private final Generations<String, Integer> kept = new Generations<>();

    private int get(String key) {
        return kept.get(key, _ -> made.incrementAndGet());
    }

    @Test
    void keepsWhatIsAskedForBetweenTurns() {
        int first = get("a");
        kept.turn();
        assertThat(get("a")).isEqualTo(first);
        kept.turn();
        assertThat(get("a")).isEqualTo(first);
    }

    @Test
    void forgetsWhatNobodyAskedForSinceTheLastTurn() {
        int first = get("a");
        kept.turn();
        get("b");
        kept.turn();
        assertThat(get("a")).isNotEqualTo(first);
    }
}
