package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Answer.HookResults;
import dev.linnet.rollout.evidence.Answer.MetricValues;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answer.Routes;
import dev.linnet.rollout.evidence.Answer.Settlement;
import dev.linnet.rollout.evidence.Answer.StoreProbe;
import dev.linnet.rollout.evidence.Answers;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cluster in a few fields: does what effects say, and answers what is asked. Where a story says nothing, all is well. */
final class World {
    Target target = new Target.Found(new Version(Version.OURS + "a", Map.of()), true);
    Traffic traffic = Traffic.ALL_PRIMARY;
    String routesUnusable = "";
    Side service = Side.CANARY;
    boolean canaryHasPods = true;
    Version primary = Version.UNKNOWN;

    /** How the primary is once it has been given another version; empty if it is ready at once. */
    String rolling = "";

    String missingDataPlane = "";
    String storeError = "";
    Comparison comparison = Comparison.NONE;
    PersonAction action = PersonAction.NONE;
    boolean deletion;
    final Map<Side, Readiness> readiness = new HashMap<>();
    final Map<String, MetricValue> metrics = new HashMap<>();
    final Map<String, String> refusals = new HashMap<>();

    /** Effects that fail, with how often they still will. */
    final Map<String, Integer> failing = new HashMap<>();

    <A extends Answer> Answers answer(Answers before, Question<A> question, Release release) {
        return before.with(question, to(question, release));
    }

    @SuppressWarnings("unchecked")
    private <A extends Answer> A to(Question<A> question, Release release) {
        return (A)
                switch (question) {
                    case Question.Ready(Side side) -> ready(side);
                    case Question.LiveRoutes() -> routes();
                    case Question.Settled() -> new Settlement(missingDataPlane);
                    case Question.Metrics(List<MetricCheck> checks) ->
                        new MetricValues(checks.stream().map(this::value).toList());
                    case Question.Hooks(HookType type, var _) -> hooks(type, release);
                    case Question.MetricStores() -> new StoreProbe(storeError);
                };
    }

    Readiness ready(Side side) {
        if (side == Side.CANARY && !canaryHasPods) {
            return new Readiness.NotReady("canary deployment podinfo.test not ready: it has no Pods", true, false);
        }
        return readiness.getOrDefault(side, new Readiness.Ready());
    }

    private Routes routes() {
        if (!routesUnusable.isEmpty()) {
            return new Routes.Unusable(routesUnusable);
        }
        return switch (traffic) {
            case Traffic.Split(int canary) -> new Routes.Shares(canary, false);
            case Traffic.Audience(int canary) -> new Routes.Shares(canary, false);
            case Traffic.Mirrored(int _) -> new Routes.Shares(0, true);
        };
    }

    private MetricValue value(MetricCheck check) {
        double good = Double.isInfinite(check.range().max())
                ? check.range().min()
                : check.range().max();
        return metrics.getOrDefault(check.name(), new MetricValue.Value(good));
    }

    private HookResults hooks(HookType type, Release release) {
        List<HookResult> results = new ArrayList<>();
        for (Hook hook : release.analysis().hooks(type)) {
            boolean isRollback = type == HookType.ROLLBACK;
            String refusal = refusals.getOrDefault(hook.name(), isRollback ? "closed" : "");
            results.add(new HookResult(hook.name(), refusal.isEmpty(), refusal));
            if (refusal.isEmpty() == isRollback) {
                break;
            }
        }
        return new HookResults(results);
    }

    /** Throws where the story says that this effect fails. */
    void does(Effect effect) {
        String name = effect.getClass().getSimpleName();
        int left = failing.getOrDefault(name, 0);
        if (left > 0) {
            failing.put(name, left - 1);
            throw new IllegalStateException(name + " failed");
        }
        switch (effect) {
            case Effect.Route(Traffic to) -> traffic = to;
            case Effect.PointService(Side side) -> service = side;
            case Effect.ScaleUp(), Effect.RevertTarget() -> canaryHasPods = true;
            case Effect.ScaleDown() -> canaryHasPods = false;
            case Effect.CopyToPrimary(Version version) -> copy(version);
            case Effect.Ensure(Effect.Part part) -> {
                if (part == Effect.Part.PRIMARY && primary.equals(Version.UNKNOWN)) {
                    primary = version();
                }
            }
            case Effect.RevertService() -> service = Side.CANARY;
            case Effect.PauseScaler(),
                    Effect.ResumeScaler(),
                    Effect.SyncPrimaryScaler(),
                    Effect.RevertRoutes(),
                    Effect.RemoveFinalizer() -> {}
        }
    }

    private void copy(Version version) {
        if (!version.equals(version())) {
            throw new IllegalStateException("the target is no longer " + version.revision());
        }
        primary = version;
        if (!rolling.isEmpty()) {
            readiness.put(Side.PRIMARY, notReady(Side.PRIMARY, rolling));
        }
    }

    /** Words of which {@code dead)} and {@code too late} mean more than themselves. */
    static Readiness notReady(Side side, String text) {
        String prefix = side == Side.CANARY ? "canary deployment podinfo.test" : "podinfo-primary.test";
        return new Readiness.NotReady(
                prefix + " not ready: " + text, !text.contains("too late"), !text.contains("dead)"));
    }

    private Version version() {
        return target instanceof Target.Found(Version version, boolean _) ? version : Version.UNKNOWN;
    }
}
