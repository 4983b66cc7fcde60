package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Run;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.util.Optional;

/** A new version: may its release begin? */
final class Start {
    private Start() {}

    /** Somebody has not allowed it yet. */
    static Step waiting(Situation at) {
        Version now = at.target().orElseThrow();
        return now.equals(at.versions().promoted()) ? withdrawn(at, now) : RollbackHooks.unlessCalled(at, Start::begin);
    }

    /** The target is back at what the primary runs: there is nothing to allow any more. */
    private static Step withdrawn(Situation at, Version now) {
        return at.draft()
                .tells(Texts.of(at).reverted())
                .to(Phase.SUCCEEDED)
                .to(progress -> progress.withVersions(progress.versions().withApplied(now)))
                .run(run -> run.withEnding(new Ending(Ending.Cause.REVERTED, "the target was set back")))
                .renews()
                .act("the target is back at what the primary runs", Pause.NONE);
    }

    static Step begin(Situation at) {
        Optional<String> bar = at.bar();
        if (bar.isPresent()) {
            return Keeping.draft(at)
                    .warnsOnce(bar.get())
                    .waitsFor(Wait.What.AUTHOR, bar.get(), new Pause.UntilChange());
        }
        if (at.release().options().skipAnalysis()) {
            return ask(at, at.run());
        }
        return at.after(new Question.Ready(Side.PRIMARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> ask(at, at.run());
            case Readiness.NotReady notReady -> withoutPrimary(at, notReady);
        });
    }

    /** A primary past its deadline is mended by a new version at best; where nothing of it serves, there is no time to try that out. */
    private static Step withoutPrimary(Situation at, Readiness.NotReady notReady) {
        if (!notReady.retriable()) {
            return ask(
                    at,
                    notReady.serving()
                            ? at.run()
                            : at.run().withOrders(at.run().orders().withSkipping()));
        }
        return Keeping.draft(at)
                .warnsOnce(notReady.text())
                .waitsFor(Wait.What.PRIMARY, notReady.text(), at.readinessPoll());
    }

    private static Step ask(Situation at, Run run) {
        Draft draft = RollbackHooks.note(at, Keeping.draft(at));
        return Gates.pass(at, HookType.CONFIRM_ROLLOUT, draft, () -> start(at, run, draft));
    }

    /** Traffic first: somebody may have given some to a version that has no Pods yet. */
    private static Step start(Situation at, Run run, Draft draft) {
        Version now = at.target().orElseThrow();
        Texts texts = Texts.of(at);
        Run begun = at.progress().phase() == Phase.WAITING ? run.begun() : run.following();
        Run next = run.orders().skipping() ? begun.withOrders(begun.orders().withSkipping()) : begun;
        draft.to(Phase.PROGRESSING)
                .to(progress -> progress.withVersions(progress.versions().withApplied(now)))
                .counters(_ -> Counters.ZERO)
                .run(before -> next.withLog(before.log().renewed()));
        Fallbacks.warnings(at.asked()).forEach(draft::warns);
        return draft.tells(texts.newRevision())
                .announces(Texts.NEW_REVISION_ALERT)
                .split(Traffic.ALL_PRIMARY)
                .resumesScaler()
                .does(new Effect.ScaleUp())
                .act("a new version", Pause.NONE);
    }
}
