package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Step;
import java.util.List;
import java.util.function.Supplier;

/** Webhooks by which somebody else decides when a release goes on. A closed gate is no failed check, and is asked until it opens. */
final class Gates {
    private Gates() {}

    /** Goes on if the gate is open, or a person has opened it. */
    static Step pass(Situation at, HookType gate, Draft draft, Supplier<Step> next) {
        if (!at.has(gate)) {
            return next.get();
        }
        if (at.run().orders().approved().contains(gate)) {
            draft.run(run -> run.withOrders(run.orders().withUsed(gate)));
            return next.get();
        }
        return at.after(new Question.Hooks(gate, payloadPhase(at, gate)), results -> {
            List<HookResult> all = results.results();
            all.stream().filter(HookResult::agreed).forEach(hook -> draft.tellsOnce(Texts.passed(gate, hook)));
            return Hooks.refusal(results)
                    .map(hook -> closed(at, gate, draft, hook))
                    .orElseGet(next);
        });
    }

    /** Payloads of a running release say Progressing, whatever its phase: Flagger's receivers know no other word. */
    private static Phase payloadPhase(Situation at, HookType gate) {
        return gate == HookType.CONFIRM_ROLLOUT ? at.progress().phase() : Phase.PROGRESSING;
    }

    private static Step closed(Situation at, HookType gate, Draft draft, HookResult hook) {
        draft.warnsOnce(Texts.of(at).gateClosed(gate, hook));
        if (!isMuted(at, gate, hook)) {
            draft.alertsOnce(Severity.WARN, Texts.gateAlert(gate));
        }
        switch (gate) {
            case CONFIRM_ROLLOUT -> waitToBegin(at, draft);
            case CONFIRM_PROMOTION -> draft.to(Phase.WAITING_PROMOTION);
            default -> {}
        }
        return draft.waitsFor(Wait.What.GATE, gate + " " + hook.name(), draft.untilDue(at.gatePoll()));
    }

    /** A run of its own: what the one before ended for is none of its business, and stays with that one. */
    private static void waitToBegin(Situation at, Draft draft) {
        if (at.progress().phase() != Phase.WAITING) {
            draft.to(Phase.WAITING).run(run -> run.following().withLog(run.log()));
        }
    }

    private static boolean isMuted(Situation at, HookType gate, HookResult refusal) {
        return at.analysis().hooks(gate).stream()
                .filter(hook -> hook.name().equals(refusal.name()))
                .anyMatch(Hook::muted);
    }
}
