package dev.linnet.rollout;

import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Clock;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Orders;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Stage;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import java.util.function.UnaryOperator;

/** What a person wants of a release: obeyed at once, or refused with the reason. */
final class Actions {
    private final Situation at;
    private final PersonAction action;
    private final Phase phase;

    private Actions(Situation at) {
        this.at = at;
        this.action = at.evidence().wishes().action();
        this.phase = at.progress().phase();
    }

    static Step next(Situation at) {
        return new Actions(at).obey();
    }

    private Step obey() {
        return switch (action.verb()) {
            case PROMOTE -> promote();
            case SKIP -> skip();
            case ABORT -> abort();
            case PAUSE -> phase.isAnalysing() ? orders(orders -> orders.withPaused(true)) : refuse(NO_TRIAL);
            case RESUME ->
                at.run().orders().paused() ? orders(orders -> orders.withPaused(false)) : refuse("it is not paused");
            case RETRY -> retry();
            case RESTART ->
                phase.isAnalysing() ? Trial.restart(at, at.versions().applied(), accepted()) : retry();
            case APPROVE -> approve();
            case NONE -> throw new IllegalStateException("no action to obey");
        };
    }

    private static final String NO_TRIAL = "no version is being tried out";

    private Step promote() {
        if (phase == Phase.WAITING) {
            return orders(
                    orders -> orders.withApproved(HookType.CONFIRM_ROLLOUT).withSkipping());
        }
        if (phase.isAnalysing()) {
            return orders(Orders::withSkipping);
        }
        return at.run().hold() == Hold.PROMOTION ? copyAgain() : refuse(NO_TRIAL);
    }

    private Step skip() {
        return switch (phase) {
            case WAITING -> orders(orders -> orders.withApproved(HookType.CONFIRM_ROLLOUT));
            case PROGRESSING, WAITING_PROMOTION -> skipCheck();
            case PROMOTING, FINALISING -> done(accepted().clock(clock -> clock.stepped(Clock.AT_ONCE)));
            case NEW, INITIALIZING, INITIALIZED, SUCCEEDED, FAILED, TERMINATING, TERMINATED -> refuse(NO_TRIAL);
        };
    }

    /** As if the check had passed and the gate before the next step were open. */
    private Step skipCheck() {
        HookType gate = at.isAtEnd() ? HookType.CONFIRM_PROMOTION : HookType.CONFIRM_TRAFFIC_INCREASE;
        boolean asked = at.isAtEnd() || at.strategy() instanceof Strategy.Weighted;
        Draft draft = accepted().clock(clock -> clock.checked(at.now(), true));
        return done(asked ? draft.run(run -> run.withOrders(run.orders().withApproved(gate))) : draft);
    }

    private Step abort() {
        if (phase == Phase.WAITING || phase.isAnalysing()) {
            return Endings.end(at, obeyed(), new Ending(Ending.Cause.PERSON, "aborted by " + action.by()));
        }
        return phase == Phase.PROMOTING || phase == Phase.FINALISING
                ? refuse("the primary already has the new version")
                : refuse(NO_TRIAL);
    }

    private Step retry() {
        if (phase != Phase.FAILED) {
            return refuse("nothing has failed");
        }
        if (at.run().hold() == Hold.PROMOTION) {
            return copyAgain();
        }
        if (at.target().filter(at.versions().promoted()::equals).isPresent()) {
            return refuse("the primary already runs this version");
        }
        return done(accepted()
                .to(progress -> progress.withVersions(progress.versions().withApplied(Version.UNKNOWN))));
    }

    /** Copying makes the primary roll again, with a new deadline. */
    private Step copyAgain() {
        return done(accepted()
                .to(Phase.PROMOTING)
                .run(run -> run.withStage(Stage.COPYING).withEnding(Ending.NONE)));
    }

    private Step approve() {
        return switch (phase) {
            case WAITING -> orders(orders -> orders.withApproved(HookType.CONFIRM_ROLLOUT));
            case WAITING_PROMOTION -> orders(orders -> orders.withApproved(HookType.CONFIRM_PROMOTION));
            case PROGRESSING ->
                at.run().log().waitingFor().what() == Wait.What.GATE
                        ? orders(orders -> orders.withApproved(HookType.CONFIRM_TRAFFIC_INCREASE))
                        : refuse("no gate is closed");
            case NEW, INITIALIZING, INITIALIZED, PROMOTING, FINALISING, SUCCEEDED, FAILED, TERMINATING, TERMINATED ->
                refuse("no gate is closed");
        };
    }

    private Step orders(UnaryOperator<Orders> change) {
        return done(accepted().run(run -> run.withOrders(change.apply(run.orders()))));
    }

    private Draft accepted() {
        return obeyed().tells(said());
    }

    private Step refuse(String why) {
        return done(at.draft()
                .run(run -> run.withOrders(run.orders().withRefused(action.id(), why)))
                .warns(said() + " is refused: " + why));
    }

    private Draft obeyed() {
        return at.draft().run(run -> run.withOrders(run.orders().withObeyed(action.id())));
    }

    private Step done(Draft draft) {
        return draft.renews().act(said(), Pause.NONE);
    }

    private String said() {
        Verb verb = action.verb();
        return verb.name().charAt(0) + verb.word().substring(1) + " asked for by " + action.by();
    }
}
