package dev.linnet.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demo's plot: a person sets an image twice. A good version is promoted step by step, a bad one is taken back.
 *
 * <p>Every figure it tells was measured on the traffic that flowed through the gateway.
 */
final class Story {
    static final String FIRST = "3.1.0";
    static final String GOOD = "3.1.1";
    static final String BAD = "3.1.2";

    private static final int REQUESTS_PER_SECOND = 250;
    private static final String SET_IMAGE =
            "kubectl -n test set image deployment/podinfo podinfod=stefanprodan/podinfo:";

    private final Stage stage;
    private final Load load;
    private final Chronicle chronicle;
    private final Teller teller;
    private final long started;
    private final List<Summary.Step> steps = new ArrayList<>();
    private boolean asPlanned = true;

    /** @param started {@link System#nanoTime()} when the demo began */
    Story(Stage stage, Load load, Chronicle chronicle, Teller teller, long started) {
        this.stage = stage;
        this.load = load;
        this.chronicle = chronicle;
        this.teller = teller;
        this.started = started;
    }

    Summary play(Pace pace) throws InterruptedException {
        open(pace);
        releaseGoodVersion(pace);
        Duration timeToRollBack = tryBadVersion(pace);
        load.close();
        Tally total = load.tally();
        long wrongly = total.lost() + total.of(FIRST).failed() + total.of(GOOD).failed();
        return new Summary(steps, total, wrongly, BAD, timeToRollBack, load.failureSpan(), asPlanned, elapsed());
    }

    private void open(Pace pace) throws InterruptedException {
        teller.chapter("podinfo " + FIRST + " serves everybody, and a Canary says how its next versions are released");
        stage.furnish(load);
        load.start(REQUESTS_PER_SECOND);
        teller.event(
                "traffic",
                REQUESTS_PER_SECOND + " requests a second flow to http://" + Stage.HOST + "/",
                Map.of("rate", REQUESTS_PER_SECOND, "host", Stage.HOST));
        stage.apply(pace);
        Optional<String> phase = new Scene(load, teller, FIRST, FIRST).play(chronicle, pace.patience());
        judge(
                "Initialized",
                phase,
                FIRST,
                "initialized",
                "podinfo-primary serves everybody; podinfo rests until its image is set");
    }

    private void releaseGoodVersion(Pace pace) throws InterruptedException {
        teller.chapter(GOOD + " is a good version: " + SET_IMAGE + GOOD);
        stage.release(GOOD, "");
        Duration began = elapsed();
        Scene scene = new Scene(load, teller, FIRST, GOOD);
        Optional<String> phase = scene.play(chronicle, pace.patience());
        note(scene, began);
        judge("Succeeded", phase, GOOD, "promoted", GOOD + " was promoted");
    }

    private Duration tryBadVersion(Pace pace) throws InterruptedException {
        teller.chapter(BAD + " is a bad version: " + SET_IMAGE + BAD + ", and half of its answers are 500");
        stage.release(BAD, "0.5");
        Duration began = elapsed();
        Scene scene = new Scene(load, teller, GOOD, BAD);
        Optional<String> phase = scene.play(chronicle, pace.patience());
        note(scene, began);
        judge("Failed", phase, GOOD, "rolled-back", BAD + " was taken back, " + GOOD + " serves everybody");
        return scene.timeToRollBack();
    }

    private void note(Scene scene, Duration began) {
        scene.steps().forEach(step -> steps.add(step.later(began)));
        asPlanned &= scene.measuredRight();
    }

    /** Compares how a release ended with how it should have. */
    private void judge(String expected, Optional<String> phase, String primary, String name, String sentence) {
        String serves = stage.primary();
        boolean right = phase.filter(expected::equals).isPresent() && serves.equals(primary);
        asPlanned &= right;
        if (right) {
            teller.event(name, sentence, Map.of("phase", expected, "version", primary));
        } else {
            teller.event(
                    "failed",
                    "it ended as " + phase.orElse("nothing, in time,") + " with " + serves
                            + " as the primary (expected: " + expected + " with " + primary + ")",
                    Map.of("phase", phase.orElse(""), "version", serves));
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
