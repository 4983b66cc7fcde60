package dev.linnet.controller.release;

import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.rollout.step.Message;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of one Canary on their way to one receiver of a teller. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** Far more than can be pending: a message that comes again must not find it forgotten that it was told. */
    private static final int MOST_TOLD = 1_000;

    private static final int MOST_WAITING = 1_000;

    private final Teller teller;
    private final String receiver;
    private final Executor threads;
    private final SequencedMap<String, Letter> waiting = new LinkedHashMap<>();
    private final SequencedSet<String> told = new LinkedHashSet<>();
    private boolean running;

    private record Letter(Message message, About about) {}

    Lane(Teller teller, String receiver, Executor threads) {
        this.teller = teller;
        this.receiver = receiver;
        this.threads = threads;
    }

    /** Messages come again until they are told, so that one too many is only late. */
    synchronized void post(Message message, About about, Runnable afterwards) {
        if (!told.contains(message.id()) && waiting.size() < MOST_WAITING) {
            waiting.putIfAbsent(message.id(), new Letter(message, about));
        }
        if (!running && !waiting.isEmpty()) {
            running = true;
            threads.execute(() -> run(afterwards));
        }
    }

    synchronized boolean hasTold(Message message) {
        return told.contains(message.id());
    }

    private void run(Runnable afterwards) {
        boolean some = false;
        try {
            for (Optional<Letter> next = next(); next.isPresent(); next = next()) {
                some |= tell(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (some) {
                afterwards.run();
            }
        }
    }

    private synchronized Optional<Letter> next() {
        Optional<Letter> next = Optional.ofNullable(waiting.firstEntry()).map(Map.Entry::getValue);
        running = next.isPresent();
        return next;
    }

    private boolean tell(Letter letter) throws InterruptedException {
        try {
            teller.tell(letter.message, letter.about, receiver);
            done(letter.message.id(), true);
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("a message could not be told");
            done(letter.message.id(), false);
            return false;
        }
    }

    private synchronized void done(String id, boolean isTold) {
        waiting.remove(id);
        if (isTold) {
            told.add(id);
        }
        if (told.size() > MOST_TOLD) {
            told.removeFirst();
        }
    }
}
