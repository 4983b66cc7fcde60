package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.Settlement;

/** Traffic has been moved: what it needed before may go once the data planes have followed. */
final class Settling {
    private Settling() {}

    /** One that does not follow in time is named, but holds nothing up: it may be one that has died. */
    static Draft tell(Draft draft, Settlement settled) {
        return settled.isDone() ? draft : draft.warns(Texts.notSettled(settled.missing()));
    }
}
