package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.PlanProblem;
import dev.linnet.rollout.plan.PlanProblems;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Routing.Ability;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Run;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Versions;
import dev.linnet.rollout.run.Wait;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import dev.linnet.rollout.step.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that one decision is about, and what follows from it at once.
 *
 * @param asked   the plan as its author wrote it
 * @param release the plan as its provider can do it
 */
record Situation(Release asked, Release release, Progress progress, Evidence evidence) {
    /** How often a version that is not ready is looked at, although its changes are told: a deadline is no change. */
    private static final Duration READINESS_POLL = Duration.ofSeconds(10);

    /** How often a gate is asked again: nobody tells when it opens. */
    private static final Duration GATE_POLL = Duration.ofSeconds(5);

    /** Goes on with the answer, or asks for it. */
    <A extends Answer> Step after(Question<A> question, Function<A, Step> next) {
        return evidence.answers().to(question).map(next).orElseGet(() -> new Step.Ask(question));
    }

    static Situation of(Release asked, Progress progress, Evidence evidence) {
        return new Situation(asked, Fallbacks.of(asked), progress, evidence);
    }

    /** What keeps a release from taking any step; its author must mend it. */
    Optional<String> bar() {
        return PlanProblems.of(release).stream()
                .filter(PlanProblem::bars)
                .map(PlanProblem::toString)
                .findFirst();
    }

    /** Where nothing runs, a target that cannot be used is only something to wait for. */
    Step withTarget(Function<Situation, Step> next) {
        return switch (evidence.target()) {
            case Target.Found _ -> next.apply(this);
            case Target.Unusable(String text) ->
                draft().warnsOnce(text).waitsFor(Wait.What.AUTHOR, text, new Pause.UntilChange());
        };
    }

    Instant now() {
        return evidence.now();
    }

    Analysis analysis() {
        return release.analysis();
    }

    Strategy strategy() {
        return analysis().strategy();
    }

    Duration interval() {
        return analysis().checks().interval();
    }

    Run run() {
        return progress.run();
    }

    Versions versions() {
        return progress.versions();
    }

    boolean has(HookType type) {
        return analysis().has(type);
    }

    /** Whether there are routes to move traffic by: without, only Services point to versions. */
    boolean routes() {
        return release.routing().can(Ability.SPLIT);
    }

    /** The canary gets so many percent: of the audience if there is one, else of all requests. */
    Traffic share(int canary) {
        return canary == 0 || analysis().audience().isEmpty()
                ? new Traffic.Split(canary)
                : new Traffic.Audience(canary);
    }

    boolean can(Ability ability) {
        return release.routing().can(ability);
    }

    /** What the target runs now; nothing if there is no target. */
    Optional<Version> target() {
        return switch (evidence.target()) {
            case Target.Found(Version version, boolean _) -> Optional.of(version);
            case Target.Unusable _ -> Optional.empty();
        };
    }

    /** Whether the target is no longer what this run is about. */
    boolean targetHasChanged() {
        return target().filter(versions().applied()::equals).isEmpty();
    }

    boolean skipsAnalysis() {
        return release.options().skipAnalysis() || run().orders().skipping();
    }

    /** Whether the run is being taken back: nothing but that is done until it is. */
    boolean isEnding() {
        Phase phase = progress.phase();
        return run().ending().isSet() && (phase == Phase.WAITING || phase.isAnalysing());
    }

    /** Whether a person wants something that has been neither obeyed nor refused. */
    boolean hasNewAction() {
        PersonAction action = evidence.wishes().action();
        return action.verb() != PersonAction.Verb.NONE
                && !action.id().equals(run().orders().handled());
    }

    /** Whether the canary has all traffic because the primary cannot serve. */
    boolean canaryHolds() {
        return isHeld() && progress.counters().weight() == 100;
    }

    boolean isHeld() {
        return run().hold() != Hold.NONE;
    }

    /** Whether users meet the canary. */
    boolean canaryServes() {
        return progress.counters().weight() > 0
                || (strategy() instanceof Strategy.AbTest && progress.counters().iterations() > 0);
    }

    /** Whether all steps have been taken, so that only promotion is left. */
    boolean isAtEnd() {
        Counters counters = progress.counters();
        return canaryHolds()
                || switch (strategy()) {
                    case Strategy.Weighted weighted ->
                        counters.weight() >= weighted.steps().last();
                    case Strategy.AbTest(int iterations) -> counters.iterations() >= iterations;
                    case Strategy.BlueGreen blueGreen -> counters.iterations() >= blueGreen.iterations();
                };
    }

    /** The requests of the present step; those of another one prove nothing. */
    Comparison comparison() {
        Comparison given = evidence.comparison();
        return given.step() == run().clock().step() ? given : Comparison.NONE;
    }

    Duration untilDue() {
        return run().clock().untilDue(now(), interval());
    }

    boolean isDue() {
        return untilDue().isZero();
    }

    Pause readinessPoll() {
        return new Pause.For(shorter(interval(), READINESS_POLL));
    }

    Duration gatePoll() {
        return shorter(interval(), GATE_POLL);
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    Draft draft() {
        return new Draft(this);
    }
}
