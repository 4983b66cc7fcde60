package dev.linnet.controller.release;

import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.rollout.step.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * What is told about one Canary. Each receiver gets the messages in order, one after another, and none waits for another one: a chat that does
 * not answer delays neither Events nor another chat. A message is told when all have been told.
 */
final class Outbox {
    private final List<Teller> tellers;
    private final Executor threads;
    private final Map<Way, Lane> lanes = new ConcurrentHashMap<>();

    /** To one receiver. */
    private record Way(Teller teller, String receiver) {}

    /** @param threads run what takes time */
    Outbox(List<Teller> tellers, Executor threads) {
        this.tellers = List.copyOf(tellers);
        this.threads = threads;
    }

    /**
     * Has those told that were not told yet. Returns at once.
     *
     * @param afterwards whenever a receiver has been told some
     */
    void post(List<Message> messages, About about, Runnable afterwards) {
        for (Message message : messages) {
            ways(message, about).forEach(way -> lane(way).post(message, about, afterwards));
        }
    }

    /** Those that somebody who is to hear of them has not been told yet. */
    List<Message> untold(List<Message> messages, About about) {
        return messages.stream()
                .filter(message ->
                        !ways(message, about).allMatch(way -> lane(way).hasTold(message)))
                .toList();
    }

    private Stream<Way> ways(Message message, About about) {
        return tellers.stream()
                .flatMap(teller -> teller.receivers(message, about).stream().map(name -> new Way(teller, name)));
    }

    private Lane lane(Way way) {
        return lanes.computeIfAbsent(way, _ -> new Lane(way.teller, way.receiver, threads));
    }
}
