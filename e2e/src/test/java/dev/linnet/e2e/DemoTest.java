package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code linnet demo}: the product's promise, in one command. */
final class DemoTest {

    @Test
    void releasesAGoodVersionTakesABadOneBackAndFailsNoRequestOfAnybodyElse() throws Exception {
        Program demo = Linnet.run("demo", "--json");
        assertThat(demo.exit()).as(demo.err() + demo.out()).isZero();

        List<JsonNode> events = new ArrayList<>();
        for (String line : demo.out().split("\n", -1)) {
            if (!line.isBlank()) {
                events.add(new ObjectMapper().readTree(line));
            }
        }
        assertThat(events)
                .extracting(event -> event.path("event").asText())
                .contains("ready", "initialized", "promoted", "rolled-back", "alert")
                .doesNotContain("failed");
        assertThat(events)
                .extracting(event -> event.path("message").asText())
                .contains(
                        "Pre-rollout check acceptance-test passed",
                        "Promotion completed! Scaling down podinfo.test",
                        "#releases: Canary analysis completed successfully, promotion finished.",
                        "Canary failed! Scaling down podinfo.test");
        JsonNode summary = events.getLast();
        assertThat(summary.path("event").asText()).isEqualTo("summary");
        assertThat(summary.path("good").asBoolean()).isTrue();
        assertThat(summary.path("wronglyFailed").asInt(-1)).isZero();
        assertThat(summary.path("steps"))
                .extracting(step -> step.path("weight").asInt())
                .startsWith(10, 20, 30, 40, 50);
        assertThat(summary.path("requests").path("3.1.1").path("ok").asInt()).isGreaterThan(1000);
        assertThat(summary.path("requests").path("3.1.2").path("failed").asInt())
                .isBetween(5, 400);
    }
}
