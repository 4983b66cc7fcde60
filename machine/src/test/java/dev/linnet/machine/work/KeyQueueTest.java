package dev.linnet.machine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class KeyQueueTest {

    private final KeyQueue<String> queue = new KeyQueue<>();

    @Test
    void givesAKeyOnceHoweverOftenItWasAdded() throws InterruptedException {
        queue.add("a");
        queue.add("a");
        queue.add("b", Duration.ofMillis(1));

        assertThat(queue.take()).contains("a");
        assertThat(queue.take()).contains("b");
    }

    @Test
    void givesAKeyEarlierWhenItIsNeededEarlier() throws InterruptedException {
        queue.add("a", Duration.ofHours(1));
        queue.add("a");

        assertThat(queue.take()).contains("a");
    }

    @Test
    void letsTheTakerGoWhenClosed() throws InterruptedException {
        queue.add("a", Duration.ofHours(1));
        Thread.ofVirtual().start(queue::close);

        assertThat(queue.take()).isEmpty();
    }
}
