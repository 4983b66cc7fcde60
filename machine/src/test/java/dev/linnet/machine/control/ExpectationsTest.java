package dev.linnet.machine.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
    private static final Key OWNER = new Key("test", "web");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Expectations expectations = new Expectations(() -> now);

    @Test
    void areMetOnceTheCacheShowedEachCreation() {
        expectations.expectCreations(OWNER, 2);
        expectations.created(OWNER);
        assertThat(expectations.areMet(OWNER)).isFalse();

        expectations.created(OWNER);
        assertThat(expectations.areMet(OWNER)).isTrue();
    }

    @Test
    void countsADeletionOnceThoughItIsSeenTwice() {
        expectations.expectDeletion(OWNER, "a");
        expectations.expectDeletion(OWNER, "b");
        expectations.deleted(OWNER, "a");
        expectations.deleted(OWNER, "a");
        assertThat(expectations.areMet(OWNER)).isFalse();

        expectations.deleted(OWNER, "b");
        assertThat(expectations.areMet(OWNER)).isTrue();
    }

    @Test
    void giveUpAfterFiveMinutesBecauseNewsMayBeLost() {
        expectations.expectCreations(OWNER, 1);
        now = now.plus(Duration.ofMinutes(6));
        assertThat(expectations.areMet(OWNER)).isTrue();
    }
}
