package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.FrontApi.Call;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Watches are often faster than the answer to the write that they tell of. */
final class HeardDuringATurnTest extends InReleaseCluster {
    @Test
    void whatTheControllerWritesItselfIsNoReasonToLookAgain() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, Manifests.WEIGHTED);
            List<Boolean> looks = new ArrayList<>();
            afterEachStatus(scene, _ -> looks.add(scene.pilot().hears(scene.cached())));

            scene.setsImage("podinfo:2");
            scene.untilPhase("Succeeded");

            assertThat(looks).hasSizeGreaterThan(4).doesNotContain(true);
        }
    }

    @Test
    void butWhatAPersonWantsMeanwhileIsDoneAtOnce() {
        try (Scene scene = cluster.scene()) {
            initializeAndRest(scene, Manifests.WEIGHTED);
            List<Instant> wanted = new ArrayList<>();
            afterEachStatus(scene, _ -> {
                if (scene.weight() == 20 && wanted.isEmpty()) {
                    Instant now = scene.time().instant();
                    wanted.add(now);
                    scene.client().resource(scene.cached()).edit(canary -> {
                        String pause = PersonActions.text(Verb.PAUSE, "mia", now);
                        canary.getMetadata().setAnnotations(Map.of(PersonActions.ANNOTATION, pause));
                        return canary;
                    });
                    assertThat(scene.pilot().hears(scene.cached())).isFalse();
                }
            });

            scene.setsImage("podinfo:2");
            scene.until(
                    "it is paused",
                    () -> scene.runs().getLast().getStatus().toString().contains("mia"));

            assertThat(wanted).containsExactly(scene.time().instant());
        }
    }

    private static void afterEachStatus(Scene scene, Consumer<Call> then) {
        scene.front().afterWrite(call -> {
            scene.gateway().look(call.toString());
            if (call.path().contains("/canaries/podinfo/status")) {
                then.accept(call);
            }
        });
    }
}
