package dev.linnet.rollout.step;

import java.time.Duration;

/** When to decide again, if nothing changes before. A change always is a reason to. */
public sealed interface Pause {
    Pause NONE = new For(Duration.ZERO);

    /** After some time. */
    record For(Duration time) implements Pause {}

    /** Only when something changes: nothing here depends on time. */
    record UntilChange() implements Pause {}
}
