package dev.linnet.rollout.run;

import dev.linnet.rollout.plan.HookType;
import java.util.EnumSet;
import java.util.Set;

/**
 * What persons have said to a run.
 *
 * @param paused   no step forward; checks go on, and take it back if they fail
 * @param skipping promote without further checks
 * @param approved gates that a person has opened
 * @param handled  the last action that was obeyed or refused, so that it is not taken twice
 * @param refusal  why it was refused; empty if it was obeyed
 */
public record Orders(boolean paused, boolean skipping, Set<HookType> approved, String handled, String refusal) {
    public static final Orders NONE = new Orders(false, false, Set.of(), "", "");

    public Orders {
        approved = Set.copyOf(approved);
    }

    public Orders withPaused(boolean is) {
        return new Orders(is, skipping, approved, handled, refusal);
    }

    public Orders withSkipping() {
        return new Orders(false, true, approved, handled, refusal);
    }

    public Orders withObeyed(String action) {
        return new Orders(paused, skipping, approved, action, "");
    }

    public Orders withRefused(String action, String why) {
        return new Orders(paused, skipping, approved, action, why);
    }

    public Orders withApproved(HookType gate) {
        Set<HookType> more = EnumSet.of(gate);
        more.addAll(approved);
        return new Orders(paused, skipping, more, handled, refusal);
    }

    /** An approval is for one passage. */
    public Orders withUsed(HookType gate) {
        Set<HookType> fewer = EnumSet.noneOf(HookType.class);
        fewer.addAll(approved);
        fewer.remove(gate);
        return new Orders(paused, skipping, fewer, handled, refusal);
    }

    /** For the next run: only what was handled is remembered. */
    public Orders cleared() {
        return new Orders(false, false, Set.of(), handled, refusal);
    }
}
