package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.FrontApi.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wherever a controller dies, the next one ends the release as if nothing had been: the same objects, the same Events and alerts, each once by
 * its id, and at no moment between two writes does a request meet Pods that are not there.
 */
final class CrashTest extends InReleaseCluster {
    private static final boolean ALL = Boolean.getBoolean("linnet.all");

    @BeforeAll
    void definesMore() throws IOException {
        cluster.define(Files.readString(Path.of("../deploy/istio-crds.yaml")));
    }

    static Stream<Arguments> plays() {
        return Stream.of(By.values())
                .flatMap(by -> Stream.of(Play.values())
                        .filter(play -> ALL || by == By.NGINX || play != Play.DEAD_ON_ARRIVAL)
                        .map(play -> Arguments.of(play, by)));
    }

    /** Of the boundaries, so many lie between two that are tried by themselves in the usual run. */
    private static int apart(By by) {
        return ALL ? 1 : by == By.NGINX ? 24 : 60;
    }

    @ParameterizedTest
    @MethodSource("plays")
    void endsTheSameWhereverTheControllerDies(Play play, By by) {
        String undisturbed;
        int writes;
        try (Scene scene = cluster.scene()) {
            undisturbed = play.in(scene, by);
            writes = scene.front().writes().size();
        }
        assertThat(undisturbed).contains("phase: " + play.endPhase());
        List<String> wrong = new ArrayList<>();
        int apart = Math.min(apart(by), writes);
        for (int last = 1 + Math.floorMod(play.name().hashCode(), apart); last <= writes; last += apart) {
            try (Scene scene = cluster.scene()) {
                dieAfter(scene, last);
                String end = play.in(scene, by);
                assertThat(scene.controllers()).as("after write %s", last).isEqualTo(2);
                if (!end.equals(undisturbed)) {
                    wrong.add("after write " + last + ", "
                            + scene.front().writes().get(last - 1) + ":\n" + end);
                }
            }
        }
        assertThat(wrong).as("undisturbed it is\n%s", undisturbed).isEmpty();
    }

    private static void dieAfter(Scene scene, int last) {
        scene.front()
                .fail(call -> call.writes() && scene.front().writes().size() == last - 1 && scene.controllers() == 1
                        ? new Fault.DoneThenCutOff()
                        : Fault.NONE);
    }

    static List<Play> often() {
        return ALL ? List.of(Play.values()) : List.of(Play.ROLLBACK);
    }

    /** Their first write is their name. */
    @ParameterizedTest
    @MethodSource("often")
    void endsTheSameIfEveryControllerDiesAfterItsSecondWrite(Play play) {
        String undisturbed;
        try (Scene scene = cluster.scene()) {
            undisturbed = play.in(scene);
        }
        try (Scene scene = cluster.scene()) {
            scene.front()
                    .fail(call -> call.writes() && scene.front().writesOfThisOne() == 1
                            ? new Fault.DoneThenCutOff()
                            : Fault.NONE);
            assertThat(play.in(scene)).isEqualTo(undisturbed);
            assertThat(scene.controllers()).isGreaterThan(20);
        }
    }

    @Test
    void tellsNothingAgainThatWasTold() {
        try (Scene scene = cluster.scene()) {
            Play.ROLLBACK.in(scene);
            int writes = scene.front().writes().size();

            scene.controllerIsReplaced();
            scene.passes(Duration.ofMinutes(1));

            assertThat(scene.front().writes())
                    .as("what another controller writes")
                    .hasSize(writes);
        }
    }
}
