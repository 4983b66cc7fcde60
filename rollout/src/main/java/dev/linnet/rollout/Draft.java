package dev.linnet.rollout;

import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Clock;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Log;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Run;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** An act that is being written. Messages say the phase that the draft has reached when they are written. */
final class Draft {
    private static final String STALLED = "alert: stalled";
    private static final String INTERVAL = "the end of the interval";

    private final Situation at;
    private final List<Effect> effects = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private Progress next;

    Draft(Situation at) {
        this.at = at;
        this.next = at.progress();
    }

    Draft does(Effect effect) {
        effects.add(effect);
        return this;
    }

    /** Moves traffic, where somebody routes it. */
    Draft routes(Traffic traffic) {
        return at.routes() ? does(new Effect.Route(traffic)) : this;
    }

    /** Moves traffic as part of a run, and remembers the canary's share and the users' cookies. */
    Draft split(Traffic traffic) {
        int share = switch (traffic) {
            case Traffic.Split(int canary) -> canary;
            case Traffic.Audience(int canary) -> at.strategy() instanceof Strategy.AbTest ? 0 : canary;
            case Traffic.Mirrored(int _) -> 0;
        };
        boolean serves = share > 0 || traffic instanceof Traffic.Audience;
        return routes(traffic).shares(share, serves);
    }

    /** Remembers the canary's share and the users' cookies. */
    private Draft shares(int share, boolean serves) {
        return counters(counters -> counters.withWeight(share))
                .to(progress -> progress.withCookies(StickyCookies.next(at, progress.cookies(), serves)));
    }

    /** The routes give the canary this share already. */
    Draft adopts(int share) {
        return shares(share, share > 0);
    }

    Draft resumesScaler() {
        return at.release().options().scaled() ? does(new Effect.ResumeScaler()) : this;
    }

    Draft pausesScaler() {
        return at.release().options().scaled() ? does(new Effect.PauseScaler()) : this;
    }

    Draft tells(String text) {
        messages.add(new Message.Event(id(), false, text, next.phase()));
        return this;
    }

    Draft warns(String text) {
        messages.add(new Message.Event(id(), true, text, next.phase()));
        return this;
    }

    /** A text that would be repeated at every look: told once until something changes. */
    Draft tellsOnce(String text) {
        return isNoticed(text) ? this : tells(text).notices(text);
    }

    Draft warnsOnce(String text) {
        return isNoticed(text) ? this : warns(text).notices(text);
    }

    Draft alerts(Severity severity, String text) {
        messages.add(new Message.Alert(id(), severity, text, false));
        return this;
    }

    Draft alertsOnce(Severity severity, String text) {
        String notice = "alert: " + text;
        return isNoticed(notice) ? this : alerts(severity, text).notices(notice);
    }

    /** An alert that carries the facts of the release. */
    Draft announces(String text) {
        messages.add(new Message.Alert(id(), Severity.INFO, text, true));
        return this;
    }

    /** How far the release is as the draft stands. */
    Progress progress() {
        return next;
    }

    /** Until the next check is due, but at most so long. */
    Pause untilDue(Duration atMost) {
        Duration due = next.run().clock().untilDue(at.now(), at.interval());
        return new Pause.For(due.isZero() ? atMost : Situation.shorter(due, atMost));
    }

    Draft to(UnaryOperator<Progress> change) {
        next = change.apply(next);
        return this;
    }

    Draft to(Phase phase) {
        return to(progress -> progress.withPhase(phase));
    }

    Draft run(UnaryOperator<Run> change) {
        return to(progress -> progress.withRun(change.apply(progress.run())));
    }

    Draft log(UnaryOperator<Log> change) {
        return run(run -> run.withLog(change.apply(run.log())));
    }

    Draft clock(UnaryOperator<Clock> change) {
        return run(run -> run.withClock(change.apply(run.clock())));
    }

    Draft counters(UnaryOperator<Counters> change) {
        return to(progress -> progress.withCounters(change.apply(progress.counters())));
    }

    /** Something has changed: the next thing that is waited for is told anew. */
    Draft renews() {
        return log(Log::renewed);
    }

    Step act(String reason, Pause pause) {
        if (pause instanceof Pause.For(Duration time) && !time.isZero() && isWaitingForNothing()) {
            log(log -> log.withWait(new Wait(Wait.What.INTERVAL, INTERVAL, at.now())));
        }
        return new Step.Act(effects, messages, stamped(), reason, pause);
    }

    private boolean isWaitingForNothing() {
        return next.run().log().waitingFor().what() == Wait.What.NOTHING;
    }

    /** Nothing but the end of the interval. */
    Step waitsForInterval(Pause pause) {
        return waitsFor(Wait.What.INTERVAL, INTERVAL, pause);
    }

    /** Nothing but waiting, for a thing that has a name. */
    Step waitsFor(Wait.What what, String text, Pause pause) {
        Wait before = next.run().log().waitingFor();
        boolean goesOn = before.what() == what;
        Wait wait = new Wait(what, text, goesOn ? before.since() : at.now());
        return log(log -> log.withWait(wait)).alertsIfStalled(wait).act("waits for " + text, pause);
    }

    /** A run that does not advance although it should is somebody's business; Flagger would be silent for ever. */
    private Draft alertsIfStalled(Wait wait) {
        Duration waited = Duration.between(wait.since(), at.now());
        boolean stalls = wait.what().isTrouble()
                && next.phase().isRunning()
                && waited.compareTo(at.release().options().progressDeadline()) > 0;
        return stalls && !isNoticed(STALLED)
                ? alerts(Severity.WARN, Texts.stalled(wait.text())).notices(STALLED)
                : this;
    }

    private Progress stamped() {
        return next.showsTheSameAs(at.progress()) ? next : next.withLastTransition(at.now());
    }

    private String id() {
        long number = next.run().log().messages() + 1;
        log(log -> log.withMessages(number));
        return next.run().number() + "-" + number;
    }

    private boolean isNoticed(String text) {
        return next.run().log().notices().contains(text);
    }

    private Draft notices(String text) {
        return log(log -> log.withNotice(text));
    }
}
