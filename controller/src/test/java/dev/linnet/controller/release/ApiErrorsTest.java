package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.FrontApi.Call;
import dev.linnet.controller.release.FrontApi.Fault;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the API answers, once to each call in each phase, the release ends as if it had answered well. */
final class ApiErrorsTest extends InReleaseCluster {
    private static final boolean ALL = Boolean.getBoolean("linnet.all");

    static Stream<Arguments> faults() {
        List<Fault> faults = List.of(
                new Fault.Refused(409),
                new Fault.Refused(429),
                new Fault.Refused(500),
                new Fault.DoneBut(504),
                new Fault.DoneUnanswered());
        List<Play> plays = List.of(Play.PROMOTION, Play.ROLLBACK);
        return ALL
                ? plays.stream().flatMap(play -> faults.stream().map(fault -> Arguments.of(play, fault)))
                : Stream.of(
                        Arguments.of(Play.PROMOTION, new Fault.Refused(409)),
                        Arguments.of(Play.ROLLBACK, new Fault.DoneBut(504)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endsTheSameIfEachCallFailsOnce(Play play, Fault fault) {
        String undisturbed;
        try (Scene scene = cluster.scene()) {
            undisturbed = play.in(scene);
        }
        try (Scene scene = cluster.scene()) {
            Set<String> failed = ConcurrentHashMap.newKeySet();
            scene.front().fail(call -> fits(fault, call) && failed.add(site(scene, call)) ? fault : Fault.NONE);

            assertThat(play.in(scene)).isEqualTo(undisturbed);

            assertThat(failed).as("calls that failed").hasSizeGreaterThan(60);
            assertThat(scene.controllers()).isEqualTo(1);
        }
    }

    /** That an Event cannot be made because it is there already is no error. */
    private static boolean fits(Fault fault, Call call) {
        return !(fault.equals(new Fault.Refused(409))
                && call.method().equals("POST")
                && call.path().endsWith("/events"));
    }

    /** Which call it is: with all, once after each write. A complaint about a failure is none, or there would be no end of them. */
    private static String site(Scene scene, Call call) {
        long writes = scene.front().writes().stream()
                .filter(write -> !write.path().endsWith("/events"))
                .count();
        return (ALL ? writes + " " : scene.phase() + " ") + call;
    }
}
