package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;

/**
 * What should a release do next? The state machine of Flagger's Canary, as a pure function: the same progress and evidence always give the
 * same step, so a step that was interrupted is taken again by whoever comes next.
 *
 * @param release the plan
 */
public record Rollout(Release release) {

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
            return at.draft()
                    .tellsOnce(Texts.SUSPENDED)
                    .waitsFor(Wait.What.RESUME, "spec.suspend", new Pause.UntilChange());
        }
        if (progress.versions().applied().isForeign() && at.target().isPresent()) {
            return Adoption.next(at);
        }
        PersonAction action = evidence.wishes().action();
        if (action.verb() != PersonAction.Verb.NONE
                && !action.id().equals(at.run().orders().handled())) {
            return Actions.next(at);
        }
        return byPhase(at);
    }

    private static Step byPhase(Situation at) {
        return switch (at.progress().phase()) {
            case NEW, INITIALIZING -> at.withTarget(Initialization::next);
            case INITIALIZED, SUCCEEDED, FAILED -> Idle.next(at);
            case WAITING -> at.run().ending().isSet() ? Rollback.next(at) : at.withTarget(Start::waiting);
            case PROGRESSING, WAITING_PROMOTION -> at.run().ending().isSet() ? Rollback.next(at) : Trial.next(at);
            case PROMOTING, FINALISING -> Promotion.next(at);
            // Its deletion was seen before: the object that says so no more is another one of the same name.
            case TERMINATING, TERMINATED ->
                at.draft().to(Progress.NEW.phase()).act("a new Canary of the same name", Pause.NONE);
        };
    }
}
