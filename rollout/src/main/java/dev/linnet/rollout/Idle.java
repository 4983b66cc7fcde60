package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Answer.HookResults;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.PlanProblems;
import dev.linnet.rollout.run.Ending.Cause;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;

/** Nothing is being released: the last run is told to its end, then a change of the target is waited for. */
final class Idle {
    private Idle() {}

    static Step next(Situation at) {
        if (at.run().stage() == Stage.TELLING) {
            return tellTheEnd(at);
        }
        if (at.run().stage() == Stage.SETTLING) {
            return Rollback.next(at);
        }
        return at.isHeld() ? Holding.next(at) : at.withTarget(Idle::ofTarget);
    }

    private static Step ofTarget(Situation at) {
        Version now = at.target().orElseThrow();
        if (at.versions().isRevert(now)) {
            return acknowledge(at, now);
        }
        return at.versions().isNew(now) ? Start.begin(at) : rest(at);
    }

    /** Set back to what the primary runs: nothing to release, but what failed before would be new again. */
    private static Step acknowledge(Situation at, Version now) {
        return Keeping.draft(at)
                .to(progress -> progress.withVersions(progress.versions().withApplied(now)))
                .act("the target is back at what the primary runs", Pause.NONE);
    }

    /**
     * The target rests without Pods, so traffic that somebody gave it by hand is taken away again. What is wrong with the plan is told now,
     * not when a version waits for it.
     */
    private static Step rest(Situation at) {
        Draft draft = Keeping.draft(at).routes(Traffic.ALL_PRIMARY);
        PlanProblems.of(at.release()).forEach(problem -> draft.warnsOnce(problem.toString()));
        return draft.waitsFor(Wait.What.NEW_VERSION, "a new version", new Pause.UntilChange());
    }

    private static Step tellTheEnd(Situation at) {
        if (!at.has(HookType.POST_ROLLOUT)) {
            return told(at, at.draft());
        }
        Phase phase = at.progress().phase();
        return at.after(
                new Question.Hooks(HookType.POST_ROLLOUT, phase), results -> told(at, tell(at.draft(), results)));
    }

    private static Draft tell(Draft draft, HookResults results) {
        for (HookResult hook : results.results()) {
            if (hook.agreed()) {
                draft.tells(Texts.passed(HookType.POST_ROLLOUT, hook));
            } else {
                draft.warns(Texts.postRolloutFailed(hook));
            }
        }
        return draft;
    }

    private static Step told(Situation at, Draft draft) {
        boolean promoted =
                at.progress().phase() == Phase.SUCCEEDED && at.run().ending().cause() == Cause.NONE;
        if (promoted) {
            Texts texts = Texts.of(at);
            boolean skipped = at.skipsAnalysis();
            draft.tells(skipped ? texts.promotedWithoutAnalysis() : texts.promoted())
                    .alerts(Severity.INFO, skipped ? Texts.SKIPPED_ALERT : Texts.SUCCESS_ALERT);
        }
        return draft.run(run -> run.withStage(Stage.OPEN)).renews().act("the run has ended", Pause.NONE);
    }
}
