package dev.linnet.controller.release;

import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.rollout.step.Message;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What is told about one Canary. Each teller gets the messages in order, one after another, and none waits for another teller: a chat that
 * does not answer delays no Event. A message is told when all have told it.
 */
final class Outbox {
    private final List<Lane> lanes;

    /** @param threads run what takes time */
    Outbox(List<Teller> tellers, Executor threads) {
        this.lanes = tellers.stream().map(teller -> new Lane(teller, threads)).toList();
    }

    /**
     * Has those told that were not told yet. Returns at once.
     *
     * @param afterwards whenever a teller has told some
     */
    void post(List<Message> messages, About about, Runnable afterwards) {
        lanes.forEach(lane -> lane.post(messages, about, afterwards));
    }

    /** Those that somebody has not told yet. */
    List<Message> untold(List<Message> messages) {
        return messages.stream()
                .filter(message -> !lanes.stream().allMatch(lane -> lane.hasTold(message)))
                .toList();
    }
}
