package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.step.Step;
import java.util.function.Function;

/** Webhooks by which somebody else takes a release back. */
final class RollbackHooks {
    private RollbackHooks() {}

    /** Goes on unless one of them calls for a rollback. */
    static Step unlessCalled(Situation at, Function<Situation, Step> next) {
        if (!at.has(HookType.ROLLBACK)) {
            return next.apply(at);
        }
        return at.after(
                question(at),
                results ->
                        Hooks.agreement(results).map(hook -> rollBack(at, hook)).orElseGet(() -> next.apply(at)));
    }

    private static Question.Hooks question(Situation at) {
        return new Question.Hooks(HookType.ROLLBACK, at.progress().phase());
    }

    private static Step rollBack(Situation at, HookResult hook) {
        Draft draft = at.draft().warns("Rollback check " + hook.name() + " passed");
        return Endings.end(at, draft, new Ending(Ending.Cause.ROLLBACK_HOOK, "manual webhook invoked"));
    }

    /** Tells of those that were asked and did not call. */
    static Draft note(Situation at, Draft draft) {
        at.evidence()
                .answers()
                .to(question(at))
                .ifPresent(results -> results.results().stream()
                        .filter(hook -> !hook.agreed())
                        .forEach(hook -> draft.tellsOnce(Texts.noRollback(hook))));
        return draft;
    }
}
