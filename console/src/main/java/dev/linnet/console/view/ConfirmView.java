package dev.linnet.console.view;

import dev.linnet.console.release.Release;
import dev.linnet.rollout.evidence.PersonAction.Verb;

/** What an action will do, before it is done. */
public record ConfirmView(Frame frame, Release release, Verb verb) {
    public String word() {
        return verb.word();
    }
}
