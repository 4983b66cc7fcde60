package dev.linnet.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Versions;
import java.util.Arrays;
import java.util.Map;

/** Where stories begin: what a status says, as {@code lastAppliedSpec} and its companions. */
final class Beginnings {
    private Beginnings() {}

    static Progress of(String word, JsonNode status) {
        Phase phase = Arrays.stream(Phase.values())
                .filter(known -> known.toString().equals(word))
                .findFirst()
                .orElseThrow();
        Version applied = version(status.path("lastAppliedSpec").asText(Version.OURS + "a"));
        Version promoted = version(status.path("lastPromotedSpec").asText(Version.OURS + "a"));
        Counters counters = new Counters(
                status.path("canaryWeight").asInt(),
                status.path("iterations").asInt(),
                status.path("failedChecks").asInt());
        return Progress.ofStatus(phase, counters, new Versions(applied, promoted), Cookies.NONE);
    }

    private static Version version(String revision) {
        return new Version(revision, Map.of());
    }
}
