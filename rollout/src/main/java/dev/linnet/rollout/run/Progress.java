package dev.linnet.rollout.run;

import java.time.Instant;

/**
 * How far a release has come: all that a decision remembers. {@code phase}, {@code counters}, {@code versions}, {@code cookies} and
 * {@code lastTransition} are Flagger's {@code status} (the configs of the promoted version excepted); the rest is the Run.
 *
 * @param phase          {@code status.phase}
 * @param counters       {@code status.canaryWeight}, {@code iterations}, {@code failedChecks}
 * @param versions       {@code status.lastAppliedSpec}, {@code lastPromotedSpec}, {@code trackedConfigs}
 * @param cookies        {@code status.sessionAffinityCookie} and its two companions
 * @param run            what {@code status} has no room for
 * @param lastTransition {@code status.lastTransitionTime}
 */
public record Progress(
        Phase phase, Counters counters, Versions versions, Cookies cookies, Run run, Instant lastTransition) {

    /** A Canary that nobody has looked at. */
    public static final Progress NEW =
            new Progress(Phase.NEW, Counters.ZERO, Versions.UNKNOWN, Cookies.NONE, Run.NONE, Instant.EPOCH);

    /**
     * What {@code status} alone tells, where no Run says more: one that Flagger wrote, or whose Run was deleted. A failed Canary whose
     * canary has all traffic is one whose promotion failed.
     */
    public static Progress ofStatus(Phase phase, Counters counters, Versions versions, Cookies cookies) {
        boolean held = phase == Phase.FAILED && counters.weight() == 100;
        Run run = held ? Run.NONE.withHold(Hold.PROMOTION) : Run.NONE;
        Counters plain = counters.withIterations(Math.max(0, counters.iterations()));
        return new Progress(phase, plain, versions, cookies, run, Instant.EPOCH);
    }

    public Progress withPhase(Phase next) {
        return new Progress(next, counters, versions, cookies, run, lastTransition);
    }

    public Progress withCounters(Counters next) {
        return new Progress(phase, next, versions, cookies, run, lastTransition);
    }

    public Progress withVersions(Versions next) {
        return new Progress(phase, counters, next, cookies, run, lastTransition);
    }

    public Progress withCookies(Cookies next) {
        return new Progress(phase, counters, versions, next, run, lastTransition);
    }

    public Progress withRun(Run next) {
        return new Progress(phase, counters, versions, cookies, next, lastTransition);
    }

    public Progress withLastTransition(Instant at) {
        return new Progress(phase, counters, versions, cookies, run, at);
    }

    /** Whether {@code status} would look the same but for {@code lastTransitionTime}. */
    public boolean showsTheSameAs(Progress other) {
        return phase == other.phase
                && counters.equals(other.counters)
                && versions.applied().equals(other.versions.applied())
                && versions.promoted()
                        .revision()
                        .equals(other.versions.promoted().revision())
                && cookies.equals(other.cookies);
    }
}
