package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.run.Versions;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;

/**
 * A Canary that Flagger wrote. Its hashes say nothing to us, so templates are compared instead, once: no release begins only because the
 * controller is another one, and none that was due is lost.
 */
final class Adoption {
    private Adoption() {}

    static Step next(Situation at) {
        Version now = at.target().orElseThrow();
        return at.draft()
                .to(progress -> progress.withVersions(versions(at, now)))
                .clock(clock -> at.progress().phase().isRunning() ? clock.stepped(at.now()) : clock)
                .act("taken over from Flagger", Pause.NONE);
    }

    /** Config checksums are Flagger's own and can be compared. */
    private static Versions versions(Situation at, Version now) {
        Version unknown =
                new Version(Version.OURS + "adopted", at.versions().applied().configs());
        boolean unchanged = isLikePrimary(at)
                && now.configs().equals(at.versions().applied().configs());
        return switch (at.progress().phase()) {
            // What Flagger last acted upon is the primary's: any difference is a change that nobody has seen yet.
            case NEW, INITIALIZING, INITIALIZED, SUCCEEDED ->
                unchanged ? new Versions(now, now) : new Versions(unknown, unknown);
            // What failed differs from the primary, and must not be tried again by itself.
            case FAILED -> unchanged ? new Versions(now, now) : new Versions(now, unknown);
            case WAITING, PROGRESSING, WAITING_PROMOTION -> new Versions(now, unchanged ? now : unknown);
            case PROMOTING, FINALISING, TERMINATING, TERMINATED -> new Versions(now, unknown);
        };
    }

    private static boolean isLikePrimary(Situation at) {
        return at.evidence().target() instanceof Target.Found(Version _, boolean likePrimary) && likePrimary;
    }
}
