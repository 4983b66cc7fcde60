package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Answer.HookResults;
import java.util.Optional;

/** What webhooks said. */
final class Hooks {
    private Hooks() {}

    /** The first that refused. */
    static Optional<HookResult> refusal(HookResults results) {
        return results.results().stream().filter(hook -> !hook.agreed()).findFirst();
    }

    /** The first that agreed. */
    static Optional<HookResult> agreement(HookResults results) {
        return results.results().stream().filter(HookResult::agreed).findFirst();
    }
}
