package dev.linnet.controller.release;

import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.rollout.step.Message;
import java.util.List;

/** Hears every message, each time it is told. */
record Hearer(Hearing hearing) implements Teller {

    /** What it does with one. */
    @FunctionalInterface
    interface Hearing {
        void hear(Message message) throws InterruptedException;
    }

    @Override
    public List<String> receivers(Message message, About about) {
        return List.of("");
    }

    @Override
    public void tell(Message message, About about, String receiver) throws InterruptedException {
        hearing.hear(message);
    }
}
