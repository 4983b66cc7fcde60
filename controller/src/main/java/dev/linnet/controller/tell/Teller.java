package dev.linnet.controller.tell;

import dev.linnet.rollout.step.Message;

/** Tells one kind of message to one kind of listener. It never fails a release: what goes wrong is logged. */
@FunctionalInterface
public interface Teller {

    /** Tells it, or does nothing if this is not its kind. May be told the same message again. */
    void tell(Message message, About about) throws InterruptedException;
}
