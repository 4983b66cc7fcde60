package dev.linnet.controller.release;

import dev.linnet.controller.hook.Webhooks;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.manifests.flagger.Revisions;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Finds out what a decision wants to know. */
final class Questions {
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(10);
    private static final Duration SETTLING_POLL = Duration.ofMillis(100);

    private final Webhooks webhooks;
    private final GatewayNumbers numbers;
    private final Measurements measurements;
    private final ReleaseMetrics metrics;
    private final InstantSource clock;

    Questions(
            Webhooks webhooks,
            GatewayNumbers numbers,
            Measurements measurements,
            ReleaseMetrics metrics,
            InstantSource clock) {
        this.metrics = metrics;
        this.webhooks = webhooks;
        this.numbers = numbers;
        this.measurements = measurements;
        this.clock = clock;
    }

    /** Whether the answer takes no longer than reading an object, so that nobody need wait for it elsewhere. */
    static boolean isQuick(Question<?> question) {
        return question instanceof Question.Ready || question instanceof Question.LiveRoutes;
    }

    /** How long it makes no sense to ask: whoever has just taken over has seen no requests yet, which is no fault of the version. */
    Duration untilAnswerable(Question<?> question, World world, Progress progress) {
        if (!(question instanceof Question.Metrics asked) || !measurements.asksGateways(world.plan())) {
            return Duration.ZERO;
        }
        Duration interval = world.plan().release().analysis().checks().interval();
        return asked.checks().stream()
                .filter(check -> check.source() instanceof Source.SuccessRate
                        || check.source() instanceof Source.RequestDuration)
                .map(check -> interval.compareTo(check.interval()) < 0 ? interval : check.interval())
                .map(enough -> numbers.untilCovering(progress.run().clock().since(), enough))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** @param began what happened to requests before it says nothing about this version */
    Answer ask(Question<?> question, World world, Progress progress, Instant began) throws InterruptedException {
        return switch (question) {
            case Question.Ready ready -> readiness(ready.side(), world, progress);
            case Question.LiveRoutes _ -> world.routes().read(progress);
            case Question.Settled _ -> settled(world);
            case Question.Metrics asked -> measure(asked.checks(), world, began);
            case Question.Hooks hooks -> hooks(hooks, world, progress);
            case Question.MetricStores _ ->
                new Answer.StoreProbe(measurements.trouble(world.plan()).orElse(""));
        };
    }

    private Answer.Readiness readiness(Side side, World world, Progress progress) {
        Wait wait = progress.run().log().waitingFor();
        boolean waited = wait.what() == (side == Side.PRIMARY ? Wait.What.PRIMARY : Wait.What.CANARY);
        try {
            return world.workload().readiness(side, waited ? wait.since() : Instant.MAX, clock.instant());
        } catch (Unusable e) {
            return new Readiness.NotReady(e.text(), true, false);
        }
    }

    private Answer.Settlement settled(World world) throws InterruptedException {
        Map<String, String> versions = world.routes().versions();
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (!versions.isEmpty() && !numbers.obey(versions)) {
            if (System.nanoTime() > end) {
                return new Answer.Settlement("not all gateways have followed " + String.join(", ", versions.keySet())
                        + " within " + SETTLED_WITHIN.toSeconds() + " s");
            }
            Thread.sleep(SETTLING_POLL);
        }
        return Answer.Settlement.DONE;
    }

    private Answer.MetricValues measure(List<MetricCheck> checks, World world, Instant began)
            throws InterruptedException {
        List<MetricValue> values = measurements.values(world.workload().measured(world.plan()), checks, began);
        metrics.measured(world.plan().release().names(), checks, values);
        return new Answer.MetricValues(values);
    }

    private Answer.HookResults hooks(Question.Hooks question, World world, Progress progress)
            throws InterruptedException {
        List<HookResult> results = new ArrayList<>();
        String checksum = checksum(progress);
        for (Hook hook : world.plan().release().analysis().hooks(question.type())) {
            HookResult result = webhooks.call(
                    hook,
                    new Webhooks.Payload(world.plan().release().names(), question.phase(), checksum, hook.metadata()));
            results.add(result);
            if (result.agreed() == (question.type() == HookType.ROLLBACK)) {
                break;
            }
        }
        return new Answer.HookResults(results);
    }

    /** Identifies what is tried out. */
    static String checksum(Progress progress) {
        return Revisions.ofConfig(progress.versions().applied().revision()
                + progress.versions().applied().configs());
    }
}
