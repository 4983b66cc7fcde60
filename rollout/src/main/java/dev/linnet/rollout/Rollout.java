package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.plan.PlanProblem;
import dev.linnet.rollout.plan.PlanProblems;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What should a release do next? The state machine of Flagger's Canary, as a pure function: the same progress and evidence always give the
 * same step, so a step that was interrupted is taken again by whoever comes next.
 *
 * @param release the plan
 */
public record Rollout(Release release) {
    private static final String SUSPEND = "spec.suspend";

    /** How often a step is tried again that could not be taken. */
    private static final Duration OBSTRUCTED_POLL = Duration.ofSeconds(2);

    /** What the plan asks for that its provider cannot do, or that makes no sense: for those who tell its author. */
    public List<PlanProblem> problems() {
        List<PlanProblem> problems = new ArrayList<>(PlanProblems.of(Fallbacks.of(release)));
        Fallbacks.warnings(release).forEach(text -> problems.add(new PlanProblem("analysis", text, false)));
        return problems;
    }

    /**
     * The next step.
     *
     * @param progress how far the release is
     * @param evidence what is known; answers are those that were given since the last act
     */
    public Step next(Progress progress, Evidence evidence) {
        Situation at = Situation.of(release, progress, evidence);
        if (evidence.wishes().deletion()) {
            return Deletion.next(at);
        }
        if (release.options().suspended()) {
            return suspended(at);
        }
        if (progress.versions().applied().isForeign() && at.target().isPresent()) {
            return Adoption.next(at);
        }
        return at.isEnding() || !at.hasNewAction() ? byPhase(at) : Actions.next(at);
    }

    /**
     * What to do instead of a step that could not be taken, because something that it needs is missing or cannot be used: nothing, but its author
     * is told, and everybody if it takes too long.
     *
     * @param why what is missing, as its event says
     */
    public Step obstructed(Progress progress, Evidence evidence, String why) {
        return Situation.of(release, progress, evidence)
                .draft()
                .warnsOnce(why)
                .waitsFor(Wait.What.AUTHOR, why, new Pause.For(OBSTRUCTED_POLL));
    }

    /** Told once: Flagger says so at every look. */
    private static Step suspended(Situation at) {
        boolean isTold = at.run().log().waitingFor().text().equals(SUSPEND);
        Draft draft = isTold ? at.draft() : at.draft().tells(Texts.SUSPENDED);
        return draft.waitsFor(Wait.What.RESUME, SUSPEND, new Pause.UntilChange());
    }

    private static Step byPhase(Situation at) {
        return switch (at.progress().phase()) {
            case NEW, INITIALIZING -> at.withTarget(Initialization::next);
            case INITIALIZED, SUCCEEDED, FAILED -> Idle.next(at);
            case WAITING -> at.isEnding() ? Rollback.next(at) : at.withTarget(Start::waiting);
            case PROGRESSING, WAITING_PROMOTION -> at.isEnding() ? Rollback.next(at) : Trial.next(at);
            case PROMOTING, FINALISING -> Promotion.next(at);
            // Its deletion was seen before: the object that says so no more is another one of the same name.
            case TERMINATING, TERMINATED ->
                at.draft().to(Progress.NEW.phase()).act("a new Canary of the same name", Pause.NONE);
        };
    }
}
