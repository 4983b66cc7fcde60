package dev.linnet.rollout.step;

import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.run.Progress;
import java.util.List;

/** What to do next. */
public sealed interface Step {

    /** Ask, and decide again with the answer. */
    record Ask(Question<?> question) implements Step {}

    /**
     * Act: effects in order, then write {@code next} with the messages that are to be told, then tell them, then decide again after the
     * pause. All answers are old then. An effect that fails ends the act without any of what follows: the same is decided again.
     *
     * @param effects  what to do
     * @param messages what to tell
     * @param next     how far the release then is
     * @param reason   why, in words
     * @param pause    when to look again
     */
    record Act(List<Effect> effects, List<Message> messages, Progress next, String reason, Pause pause)
            implements Step {
        public Act {
            effects = List.copyOf(effects);
            messages = List.copyOf(messages);
        }
    }
}
