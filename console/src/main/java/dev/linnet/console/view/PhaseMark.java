package dev.linnet.console.view;

import dev.linnet.console.release.Release;
import dev.linnet.console.words.Words;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;

/** How a phase looks and what it is called. */
public final class PhaseMark {
    private PhaseMark() {}

    /** The name of its look in the style sheet. */
    public static String look(Release release) {
        return release.paused() ? "person" : look(release.phase());
    }

    public static String look(Phase phase) {
        return switch (phase) {
            case NEW, INITIALIZING, TERMINATING, TERMINATED -> "quiet";
            case INITIALIZED, SUCCEEDED -> "good";
            case WAITING, WAITING_PROMOTION -> "person";
            case PROGRESSING, PROMOTING, FINALISING -> "moving";
            case FAILED -> "bad";
        };
    }

    public static String say(Release release, Words words) {
        return words.say(
                release.paused() ? "phase.paused" : "phase." + release.phase().name());
    }

    /** Why nothing happens; empty where nothing is to be waited for. */
    public static String waits(Release release, Words words) {
        if (!release.problem().isEmpty()) {
            return words.say("wait.AUTHOR", release.problem());
        }
        if (release.paused()) {
            return words.say("wait.RESUME");
        }
        Wait wait = release.waiting();
        if (!release.phase().isRunning() && !wait.what().isTrouble()) {
            return "";
        }
        boolean bare = wait.what() == Wait.What.NOTHING || wait.text().isEmpty();
        if (bare && (release.phase() == Phase.WAITING || release.phase() == Phase.WAITING_PROMOTION)) {
            return words.say("wait.phase." + release.phase().name());
        }
        return wait.what() == Wait.What.NOTHING
                ? ""
                : words.say("wait." + wait.what().name(), words.told(wait.text()));
    }
}
