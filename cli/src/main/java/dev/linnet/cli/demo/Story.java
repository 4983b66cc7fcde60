package dev.linnet.cli.demo;

import dev.linnet.cli.demo.Teller.TrafficLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The demo's plot: a good version is released step by step and takes over, a bad one is taken back.
 *
 * <p>Every figure it tells was measured on the traffic that flowed through the gateway.
 */
final class Story {
    static final String FIRST = "3.1.0";
    static final String GOOD = "3.1.1";
    static final String BAD = "3.1.2";

    private static final int REQUESTS_PER_SECOND = 250;
    private static final Duration STEP = Duration.ofSeconds(4);
    /** Failed answers after which a person would take a version back. */
    private static final int ENOUGH_FAILURES = 5;

    private final Stage stage;
    private final Load load;
    private final Teller teller;
    private final long started;
    private final List<Summary.Step> steps = new ArrayList<>();
    private boolean asPlanned = true;
    private Duration timeToRollBack = Duration.ZERO;

    /** @param started {@link System#nanoTime()} when the demo began */
    Story(Stage stage, Load load, Teller teller, long started) {
        this.stage = stage;
        this.load = load;
        this.teller = teller;
        this.started = started;
    }

    Summary play() throws InterruptedException, IOException {
        open();
        releaseGoodVersion();
        takeOver();
        tryBadVersion();
        load.close();
        Tally total = load.tally();
        long wrongly = total.lost() + total.of(FIRST).failed() + total.of(GOOD).failed();
        return new Summary(steps, total, wrongly, BAD, timeToRollBack, load.failureSpan(), asPlanned, elapsed());
    }

    private void open() throws InterruptedException {
        teller.chapter("podinfo " + FIRST + " serves everybody");
        stage.deploy("podinfo", FIRST, Map.of());
        stage.route();
        stage.awaitRoute(load);
        load.start(REQUESTS_PER_SECOND);
        teller.event(
                "traffic",
                REQUESTS_PER_SECOND + " requests a second flow to http://" + Stage.HOST + "/",
                Map.of("rate", REQUESTS_PER_SECOND, "host", Stage.HOST));
    }

    private void releaseGoodVersion() throws InterruptedException, IOException {
        teller.chapter(GOOD + " is a good version: a canary Ingress gives it more and more of the traffic");
        stage.deploy("podinfo-canary", GOOD, Map.of());
        stage.canary(0);
        step(FIRST, GOOD, 0);
        stage.canary(10);
        step(FIRST, GOOD, 10);
        choose("X-Canary: always", GOOD, "X-Canary", "always");
        choose("X-Canary: never", FIRST, "X-Canary", "never");
        choose("Cookie: canary=always", GOOD, "Cookie", "canary=always");
        stage.canary(50);
        step(FIRST, GOOD, 50);
        stage.canary(100);
        step(FIRST, GOOD, 100);
    }

    /** The clean-up of a release: the stable Service changes over, the canary goes, nobody notices. */
    private void takeOver() throws InterruptedException {
        Tally before = load.tally();
        stage.pointStableAt("podinfo-canary");
        stage.deleteCanary();
        stage.deleteDeployment("podinfo");
        Tally traffic = watch(GOOD, GOOD, 100, STEP.dividedBy(2), () -> false).since(before);
        boolean good = traffic.lost() == 0
                && traffic.of(FIRST).failed() == 0
                && traffic.of(GOOD).failed() == 0;
        asPlanned &= good;
        teller.event(
                good ? "promoted" : "failed",
                "the stable Service points at " + GOOD + ", canary Ingress and " + FIRST + " are deleted: "
                        + traffic.answered() + " requests meanwhile, " + (good ? "none" : "some") + " failed",
                Map.of("version", GOOD));
    }

    private void tryBadVersion() throws InterruptedException {
        teller.chapter(BAD + " is a bad version: it answers 500");
        stage.deploy("podinfo-next", BAD, Map.of("FAULT_ERROR_RATE", "1"));
        stage.pointCanaryAt("podinfo-next");
        stage.canary(10);
        Tally before = load.tally();
        TrafficLine seen = measured(
                GOOD,
                BAD,
                10,
                before,
                STEP.multipliedBy(2),
                () -> load.tally().since(before).of(BAD).failed() >= ENOUGH_FAILURES);
        stage.canary(0);
        stage.awaitCanaryIdle(load, BAD);
        timeToRollBack = load.sinceFirstFailure();
        boolean caught = seen.traffic().of(BAD).failed() >= ENOUGH_FAILURES;
        asPlanned &= caught;
        teller.step(seen, caught);
        note(seen);
        teller.event(
                caught ? "rolled-back" : "failed",
                caught
                        ? ENOUGH_FAILURES + " requests failed, so its weight is 0 again"
                        : "no failure of " + BAD + " was seen",
                Map.of("version", BAD, "after", Summary.seconds(timeToRollBack)));
        step(GOOD, BAD, 0);
        stage.deleteCanary();
        stage.deleteDeployment("podinfo-next");
    }

    /** Watches one weight for a while, and compares what was measured with what was asked for. */
    private void step(String stable, String canary, int weight) throws InterruptedException {
        TrafficLine line = measured(stable, canary, weight, load.tally(), STEP, () -> false);
        boolean right = within(line.traffic(), canary, weight) && line.traffic().lost() == 0;
        asPlanned &= right;
        teller.step(line, right);
        note(line);
    }

    private TrafficLine measured(
            String stable, String canary, int weight, Tally before, Duration time, BooleanSupplier over)
            throws InterruptedException {
        return new TrafficLine(
                weight,
                stable,
                canary,
                watch(stable, canary, weight, time, over).since(before));
    }

    private Tally watch(String stable, String canary, int weight, Duration time, BooleanSupplier over)
            throws InterruptedException {
        Tally before = load.tally();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end && !over.getAsBoolean()) {
            Thread.sleep(100);
            teller.traffic(new TrafficLine(weight, stable, canary, load.tally().since(before)));
        }
        return load.tally();
    }

    private void note(TrafficLine line) {
        steps.add(new Summary.Step(
                elapsed(),
                line.canary(),
                line.weight(),
                line.traffic().share(line.canary()),
                line.traffic().answered()));
    }

    private void choose(String words, String expected, String header, String value)
            throws IOException, InterruptedException {
        String version = load.ask(header, value);
        boolean right = version.equals(expected);
        asPlanned &= right;
        teller.event(
                right ? "chosen" : "failed",
                "a request with " + words + " meets " + version + (right ? "" : " (expected: " + expected + ")"),
                Map.of("header", words, "version", version));
    }

    /** Within five standard deviations of a fair draw; all or nothing at 0 and 100. */
    static boolean within(Tally traffic, String canary, int weight) {
        long requests = traffic.answered();
        double expected = requests * weight / 100.0;
        double deviation = Math.sqrt(requests * (weight / 100.0) * (1 - weight / 100.0));
        // Requests that were under way when the weight changed still went by the old one.
        double underWay = 5;
        return requests > 0 && Math.abs(traffic.of(canary).all() - expected) <= 5 * deviation + underWay;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
