package dev.linnet.cli.demo;

import dev.linnet.cli.demo.Teller.TrafficLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One release, told from its first sign to its last word, while its traffic is measured. */
final class Scene {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Load load;
    private final Teller teller;
    private final String stable;
    private final String canary;
    private final long began = System.nanoTime();
    private final List<Summary.Step> steps = new ArrayList<>();
    private Happening.Status status = new Happening.Status("", 0);
    private Tally before;
    private boolean running;
    private boolean lastEvent;
    private boolean lastAlert;
    private boolean measuredRight = true;
    private Duration timeToRollBack = Duration.ZERO;

    /** @param stable the version that serves when it begins, {@code canary} the one that is released */
    Scene(Load load, Teller teller, String stable, String canary) {
        this.load = load;
        this.teller = teller;
        this.stable = stable;
        this.canary = canary;
        this.before = load.tally();
    }

    /**
     * Tells what happens until it has ended, in one way or the other.
     *
     * @return the phase that it ended in; empty if it did not end
     */
    Optional<String> play(Chronicle chronicle, Duration patience) throws InterruptedException {
        long end = began + patience.toNanos();
        while (System.nanoTime() < end && !isOver()) {
            Optional<Happening> next = chronicle.next(LOOK);
            if (next.isPresent()) {
                tell(next.get());
            } else if (status.weight() > 0) {
                teller.traffic(line());
            }
        }
        return isOver() ? Optional.of(status.phase()) : Optional.empty();
    }

    /** Before the first release a Canary is only initialized. */
    private boolean isOver() {
        boolean ended = switch (status.phase()) {
            case "Initialized" -> true;
            case "Succeeded", "Failed" -> running;
            default -> false;
        };
        return ended && lastEvent && lastAlert;
    }

    private void tell(Happening happening) {
        switch (happening) {
            case Happening.Status now -> become(now);
            case Happening.Said said -> {
                teller.event(said.warning() ? "warning" : "event", said.text(), Map.of());
                lastEvent |= said.text().matches("(Initialization done|Promotion completed|Canary failed)!.*");
            }
            case Happening.Alerted alert -> {
                teller.event(
                        "alert",
                        "#" + alert.channel() + ": " + alert.text(),
                        Map.of("channel", alert.channel(), "bad", alert.bad()));
                lastAlert |= alert.bad() || alert.text().matches(".*(initialization completed|promotion finished)\\.");
            }
        }
    }

    private void become(Happening.Status now) {
        if (now.equals(status)) {
            return;
        }
        if (status.weight() > 0) {
            note();
        }
        if (status.weight() > 0 && now.weight() == 0) {
            timeToRollBack = load.sinceFirstFailure();
        }
        status = now;
        before = load.tally();
        running |= now.phase().equals("Progressing");
    }

    /** A share that lasted, compared with what was asked for. While the primary changes over, both sides serve the new version. */
    private void note() {
        TrafficLine line = line();
        boolean trial = status.phase().equals("Progressing");
        boolean right = (!trial || isWithin(line.traffic(), canary, status.weight()))
                && line.traffic().lost() == 0;
        measuredRight &= right;
        if (trial) {
            teller.step(line, right);
            steps.add(new Summary.Step(
                    Duration.ofNanos(System.nanoTime() - began),
                    canary,
                    status.weight(),
                    line.traffic().share(canary),
                    line.traffic().answered()));
        }
    }

    private TrafficLine line() {
        return new TrafficLine(status.weight(), stable, canary, load.tally().since(before));
    }

    /** Within five standard deviations of a fair draw, with room for what was under way when the weight changed. */
    static boolean isWithin(Tally traffic, String canary, int weight) {
        long requests = traffic.answered();
        double expected = requests * weight / 100.0;
        double deviation = Math.sqrt(requests * (weight / 100.0) * (1 - weight / 100.0));
        double underWay = 10;
        return Math.abs(traffic.of(canary).all() - expected) <= 5 * deviation + underWay;
    }

    /** The shares of the trial, with times since it began. */
    List<Summary.Step> steps() {
        return steps;
    }

    boolean measuredRight() {
        return measuredRight;
    }

    /** From the first answer of 500 and above to the moment when no request was sent to this version any more. */
    Duration timeToRollBack() {
        return timeToRollBack;
    }
}
