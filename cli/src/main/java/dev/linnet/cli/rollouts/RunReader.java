package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.api.Run;
import dev.linnet.controller.api.RunStory;
import dev.linnet.rollout.run.Phase;
import java.util.ArrayList;
import java.util.List;

/** Reads one Run. */
final class RunReader {
    private RunReader() {}

    static RolloutView.RunView read(Run run) {
        JsonNode spec = RolloutReader.json(run.getSpec());
        JsonNode status = RolloutReader.json(run.getStatus());
        RunStory story = RunStory.read(status);
        String phase = status.path("phase").asText("");
        List<String> images = new ArrayList<>();
        spec.path("images").forEach(image -> images.add(image.asText()));
        return new RolloutView.RunView(
                spec.path("number").asInt(),
                images,
                phase,
                run.getMetadata().getCreationTimestamp(),
                Phase.named(phase).filter(Phase::isRunning).isPresent()
                                || story.events().isEmpty()
                        ? ""
                        : story.events().getLast().at().toString(),
                status.path("ending").asText(""),
                story.events().stream()
                        .map(event -> new RolloutView.Entry(event.at().toString(), event.warning(), event.message()))
                        .toList(),
                story.actions().stream()
                        .map(action -> new RolloutView.Action(
                                action.verb(), action.by(), action.at().toString(), action.refused()))
                        .toList(),
                story.checks().stream().map(RunReader::check).toList());
    }

    private static RolloutView.Check check(RunStory.Check check) {
        return new RolloutView.Check(
                check.at().toString(),
                check.weight(),
                check.iterations(),
                check.metrics().stream()
                        .map(metric -> new RolloutView.Measured(
                                metric.name(),
                                metric.value().isPresent() ? metric.value().getAsDouble() : null,
                                metric.verdict()))
                        .toList());
    }
}
