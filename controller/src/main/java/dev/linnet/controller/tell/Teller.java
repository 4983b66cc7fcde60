package dev.linnet.controller.tell;

import dev.linnet.rollout.step.Message;
import java.util.List;

/** Tells one kind of message to its listeners. It never fails a release: what goes wrong is logged. */
public interface Teller {

    /** Who is to hear of it, by names that stay the same: none, if this is not its kind. None of them waits for another. */
    List<String> receivers(Message message, About about);

    /** Tells it to one of them. May be told the same message again. */
    void tell(Message message, About about, String receiver) throws InterruptedException;
}
