package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Answer.Settlement;
import dev.linnet.rollout.evidence.Answer.StoreProbe;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Effect.Part;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;

/**
 * The first time: a primary is made of the target, gets its traffic, and the target rests until it changes. The target serves until the
 * primary does; a primary that never becomes ready takes nothing away.
 */
final class Initialization {
    private Initialization() {}

    static Step next(Situation at) {
        if (at.progress().phase() == Phase.NEW) {
            return begin(at);
        }
        if (at.run().stage() == Stage.SETTLING) {
            return at.after(new Question.Settled(), settled -> finish(at, settled));
        }
        return at.targetHasChanged() ? copyAgain(at) : awaitPrimary(at);
    }

    private static Step begin(Situation at) {
        if (at.release().options().skipAnalysis()) {
            return begin(at, at.draft());
        }
        return at.after(new Question.MetricStores(), probe -> begin(at, tell(at.draft(), probe)));
    }

    private static Draft tell(Draft draft, StoreProbe probe) {
        return probe.error().isEmpty()
                ? draft.tells(Texts.STORES_AVAILABLE)
                : draft.warns(Texts.storesUnavailable(probe.error()));
    }

    private static Step begin(Situation at, Draft draft) {
        return make(draft)
                .to(Phase.INITIALIZING)
                .to(progress -> progress.withVersions(progress.versions().withApplied(target(at))))
                .act("a new Canary", Pause.NONE);
    }

    /** Nobody uses the primary yet, so it can still become what the target is now. */
    private static Step copyAgain(Situation at) {
        return make(at.draft())
                .does(new Effect.CopyToPrimary(target(at)))
                .to(progress -> progress.withVersions(progress.versions().withApplied(target(at))))
                .renews()
                .act("the target was changed before the primary served", Pause.NONE);
    }

    private static Draft make(Draft draft) {
        return draft.does(new Effect.Ensure(Part.FINALIZER))
                .does(new Effect.Ensure(Part.SERVICES))
                .does(new Effect.Ensure(Part.PRIMARY));
    }

    private static Version target(Situation at) {
        return at.target().orElseThrow();
    }

    private static Step awaitPrimary(Situation at) {
        return at.after(new Question.Ready(Side.PRIMARY), readiness -> switch (readiness) {
            case Readiness.Ready _ -> switchOver(at);
            case Readiness.NotReady notReady -> waitForPrimary(at, notReady);
        });
    }

    private static Step waitForPrimary(Situation at, Readiness.NotReady notReady) {
        Draft draft = make(at.draft()).warnsOnce(notReady.text());
        if (!notReady.retriable()) {
            draft.alertsOnce(Severity.ERROR, Texts.initializationFailed(notReady.text()));
        }
        return draft.waitsFor(Wait.What.PRIMARY, notReady.text(), at.readinessPoll());
    }

    private static Step switchOver(Situation at) {
        return Keeping.draft(at)
                .routes(Traffic.ALL_PRIMARY)
                .run(run -> run.withStage(Stage.SETTLING))
                .renews()
                .act("the primary is ready", Pause.NONE);
    }

    private static Step finish(Situation at, Settlement settled) {
        Texts texts = Texts.of(at);
        return Settling.tell(at.draft(), settled)
                .pausesScaler()
                .does(new Effect.ScaleDown())
                .run(run -> run.withStage(Stage.OPEN))
                .to(Phase.INITIALIZED)
                .to(progress -> progress.withVersions(progress.versions().promote()))
                .tells(texts.initialized())
                .announces(Texts.initializedAlert(at.release().kind().toString()))
                .renews()
                .act("the primary serves", Pause.NONE);
    }
}
