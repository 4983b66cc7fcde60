package dev.linnet.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.TargetKind;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Orders;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Run;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Versions;
import dev.linnet.rollout.step.Message;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What a controller writes down is what the next one reads. */
class RunRecordTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");

    @Test
    void survivesARestart() {
        Run run = Run.NONE
                .following()
                .withStage(Stage.SETTLING)
                .withEnding(new Ending(Ending.Cause.PERSON, "ann said abort"))
                .withOrders(Orders.NONE.withPaused(true).withApproved(HookType.CONFIRM_PROMOTION));
        RunRecord record = new RunRecord(
                run,
                Map.of("configmap/settings", "0123"),
                List.of(
                        new Message.Event("1-1", true, "Halt", Phase.PROGRESSING),
                        new Message.Alert("1-2", Message.Severity.ERROR, "Failed checks", true)),
                new RunStory(
                        List.of(new RunStory.Event(NOON, true, "Halt")),
                        List.of(
                                new RunStory.Action("pause", "ann", NOON, ""),
                                new RunStory.Action("skip", "bob", NOON, "no version is being tried out")),
                        List.of(new RunStory.Check(
                                NOON,
                                20,
                                0,
                                List.of(
                                        new RunStory.Value("request-success-rate", OptionalDouble.of(99.5), "pass"),
                                        new RunStory.Value("request-duration", OptionalDouble.empty(), "hold"))))),
                new RunRecord.Shown(Progress.NEW, Progress.NEW.withPhase(Phase.INITIALIZING)));
        ObjectNode status = JsonNodeFactory.instance.objectNode().put("record", record.text());
        record.story().write(status);

        assertThat(RunRecord.read(status)).isEqualTo(record);
    }

    @Test
    void keepsTheLatestOfWhatHappenedAndWhoDidWhat() {
        RunStory story = RunStory.EMPTY;
        for (int i = 1; i <= 60; i++) {
            story = story.plus(List.of(new Message.Event("1-" + i, false, "event " + i, Phase.PROGRESSING)), NOON)
                    .plus(new PersonAction(PersonAction.Verb.SKIP, "ann " + i, NOON), "")
                    .plus(new RunStory.Check(NOON, i, 0, List.of()));
        }

        assertThat(story.events())
                .hasSize(50)
                .last()
                .extracting(RunStory.Event::message)
                .isEqualTo("event 60");
        assertThat(story.actions())
                .hasSize(50)
                .last()
                .extracting(RunStory.Action::by)
                .isEqualTo("ann 60");
        assertThat(story.actions().getFirst().verb()).isEqualTo("skip");
        assertThat(story.checks())
                .hasSize(50)
                .last()
                .extracting(RunStory.Check::weight)
                .isEqualTo(60);
    }

    @Test
    void isNoneWhereItCannotBeRead() {
        assertThat(RunRecord.parse("")).isEqualTo(RunRecord.NONE);
        assertThat(RunRecord.parse("{\"run\":{\"stage\":\"NONSENSE\"}}")).isEqualTo(RunRecord.NONE);
        assertThat(RunRecord.parse("nonsense")).isEqualTo(RunRecord.NONE);
    }

    @Test
    void theStatusReadsBackWhatItShows() {
        Progress progress = new Progress(
                Phase.PROGRESSING,
                new Counters(20, 0, 1),
                new Versions(
                        new Version("linnet-2", Map.of("secret/key", "ab")),
                        new Version("linnet-1", Map.of("secret/key", "ab"))),
                new Cookies("c=1", "", ""),
                Run.NONE,
                Instant.EPOCH);
        var patch = CanaryStatus.patch(progress, TargetKind.DEPLOYMENT, null, "7", NOON);

        assertThat(patch.at("/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(patch.at("/status/conditions/0/status").asText()).isEqualTo("Unknown");
        assertThat(patch.at("/status/conditions/0/reason").asText()).isEqualTo("Progressing");
        assertThat(patch.at("/status/lastTransitionTime").asText()).isEqualTo("2026-01-01T12:00:00Z");
        Progress read = CanaryStatus.read(patch.path("status"));
        assertThat(read.showsTheSameAs(progress)).isTrue();
    }

    @Test
    void theConditionKeepsItsTimeWhileItsWordStays() {
        Progress progressing = Progress.NEW.withPhase(Phase.PROGRESSING);
        var first = CanaryStatus.patch(progressing, TargetKind.DEPLOYMENT, null, "1", NOON)
                .path("status");
        var then = CanaryStatus.patch(
                progressing.withPhase(Phase.WAITING_PROMOTION),
                TargetKind.DEPLOYMENT,
                first,
                "2",
                NOON.plusSeconds(60));
        assertThat(then.at("/status/conditions/0/lastTransitionTime").asText()).isEqualTo("2026-01-01T12:00:00Z");
        var last = CanaryStatus.patch(
                progressing.withPhase(Phase.SUCCEEDED), TargetKind.DEPLOYMENT, first, "3", NOON.plusSeconds(60));
        assertThat(last.at("/status/conditions/0/lastTransitionTime").asText()).isEqualTo("2026-01-01T12:01:00Z");
    }
}
