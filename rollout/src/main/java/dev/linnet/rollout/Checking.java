package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Answer.HookResults;
import dev.linnet.rollout.evidence.Answer.MetricValues;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answer.Routes.Shares;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.judge.Judgement;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One check of the version that is tried out. One that fails is a failed check; enough of them end the run. */
final class Checking {
    private Checking() {}

    static Step next(Situation at, Shares live) {
        if (at.canaryHolds()) {
            return check(at, live);
        }
        return at.after(new Question.Ready(Side.PRIMARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> check(at, live);
            case Readiness.NotReady notReady -> canGoOn(notReady) ? check(at, live) : withoutPrimary(at, notReady);
        });
    }

    private static Step withoutPrimary(Situation at, Readiness.NotReady notReady) {
        Draft draft = Trial.draft(at).warnsOnce(notReady.text());
        return notReady.retriable()
                ? draft.waitsFor(Wait.What.PRIMARY, notReady.text(), at.readinessPoll())
                : Endings.end(at, draft, Trial.primaryDeadline(notReady.text()));
    }

    /** A primary that is past its deadline but serves will not be mended by waiting: the new version may be what mends it. */
    private static boolean canGoOn(Readiness.NotReady notReady) {
        return !notReady.retriable() && notReady.serving();
    }

    /** Before it gets any traffic, only its acceptance counts: there is nothing to measure yet. */
    private static Step check(Situation at, Shares live) {
        Counters counters = at.progress().counters();
        boolean untouched = counters.weight() == 0 && counters.iterations() == 0 && !live.mirrored();
        return untouched && !at.canaryHolds() ? preRollout(at, live) : analysis(at, live);
    }

    private static Step preRollout(Situation at, Shares live) {
        Draft draft = Trial.draft(at).tells(Texts.of(at).starting());
        if (!at.has(HookType.PRE_ROLLOUT)) {
            return passed(at, draft, live);
        }
        return at.after(hooks(HookType.PRE_ROLLOUT), results -> {
            results.results().stream()
                    .filter(HookResult::agreed)
                    .forEach(hook -> draft.tells(Texts.passed(HookType.PRE_ROLLOUT, hook)));
            return Hooks.refusal(results)
                    .map(hook -> failed(at, draft.warns(Texts.of(at).hookFailed(HookType.PRE_ROLLOUT, hook))))
                    .orElseGet(() -> passed(at, draft, live));
        });
    }

    private static Question.Hooks hooks(HookType type) {
        return new Question.Hooks(type, Phase.PROGRESSING);
    }

    private static Step analysis(Situation at, Shares live) {
        if (!at.has(HookType.ROLLOUT)) {
            return metrics(at, live);
        }
        return at.after(hooks(HookType.ROLLOUT), results -> afterHooks(at, live, results));
    }

    private static Step afterHooks(Situation at, Shares live, HookResults results) {
        Optional<HookResult> refusal = Hooks.refusal(results);
        return refusal.isPresent()
                ? failed(at, Trial.draft(at).warns(Texts.of(at).hookFailed(HookType.ROLLOUT, refusal.get())))
                : metrics(at, live);
    }

    private static Step metrics(Situation at, Shares live) {
        List<MetricCheck> checks = at.analysis().checks().metrics();
        if (checks.isEmpty()) {
            return passed(at, Trial.draft(at), live);
        }
        return at.after(new Question.Metrics(checks), values -> judged(at, live, values));
    }

    private static Step judged(Situation at, Shares live, MetricValues values) {
        Judgement judgement = Judgement.of(at.release(), values.values());
        Draft draft = Trial.draft(at);
        judgement.alerts().forEach(text -> draft.alertsOnce(Severity.WARN, text));
        return switch (judgement.outcome()) {
            case PASS -> passed(at, draft, live);
            case FAIL -> {
                judgement.events().forEach(draft::warns);
                yield failed(at, draft);
            }
            case HOLD -> {
                judgement.events().forEach(draft::warnsOnce);
                draft.clock(clock -> clock.checked(at.now(), false));
                yield draft.waitsFor(Wait.What.METRICS, judgement.reason(), new Pause.For(at.interval()));
            }
        };
    }

    private static Step passed(Situation at, Draft draft, Shares live) {
        return Advance.next(at, draft.clock(clock -> clock.checked(at.now(), true)), live);
    }

    private static Step failed(Situation at, Draft draft) {
        Counters before = at.progress().counters();
        Counters after = countFailure(at, draft).progress().counters();
        boolean enough = after.failedChecks() >= at.analysis().checks().threshold();
        return draft.act(
                "failed check " + after.failedChecks() + " (" + before.failedChecks() + " before)",
                enough ? Pause.NONE : new Pause.For(at.interval()));
    }

    /** At most one in each interval, so that a threshold means a time. */
    static Draft countFailure(Situation at, Draft draft) {
        Duration sinceLast = Duration.between(at.run().clock().failedAt(), at.now());
        draft.clock(clock -> clock.checked(at.now(), false)).log(log -> log.withWait(Wait.NOTHING));
        return sinceLast.compareTo(at.interval()) < 0
                ? draft
                : draft.counters(Counters::oneMoreFailed).clock(clock -> clock.failed(at.now()));
    }
}
