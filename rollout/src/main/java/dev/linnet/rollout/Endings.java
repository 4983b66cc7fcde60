package dev.linnet.rollout;

import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;

/**
 * A run is to end without promotion. That is written down first and done afterwards: whatever happens in between, and even if its reason
 * goes away, it is done.
 */
final class Endings {
    private Endings() {}

    static Step end(Situation at, Draft draft, Ending ending) {
        // A version that was not allowed to begin must not be new again.
        if (at.progress().phase() == Phase.WAITING) {
            at.target()
                    .ifPresent(now -> draft.to(progress ->
                            progress.withVersions(progress.versions().withApplied(now))));
        }
        return tell(at, draft, ending)
                .run(run -> run.withEnding(ending).withStage(Stage.OPEN))
                .act("the run ends: " + ending.text(), Pause.NONE);
    }

    private static Draft tell(Situation at, Draft draft, Ending ending) {
        Texts texts = Texts.of(at);
        String event = texts.rollingBack(ending.text());
        return switch (ending.cause()) {
            case NONE, PROMOTION_FAILED -> draft;
            case REVERTED -> draft.tells(texts.reverted());
            case ROLLBACK_HOOK -> draft.warns(event).alerts(Severity.WARN, "Rolling back manual webhook invoked");
            case PERSON -> draft.warns(event).alerts(Severity.WARN, "Rolling back " + ending.text());
            case FAILED_CHECKS, FAST_ABORT, CANARY_NOT_READY, PRIMARY_NOT_READY ->
                draft.warns(event).alerts(Severity.ERROR, sentence(ending.text()));
        };
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
