package dev.linnet.controller.tell;

import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.NoReply;
import dev.linnet.controller.fetch.Reply;
import dev.linnet.controller.tell.AlertReceivers.UnusableReceiver;
import dev.linnet.manifests.flagger.CanaryPlan.AlertRef;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people. A receiver that does not answer is tried again, for a quarter of an hour; one that refuses, or cannot be reached so long, is
 * told of in an Event of the Canary.
 */
public final class Alerts implements Teller {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    private final AlertReceivers receivers;
    private final Fetch fetch;
    private final KubernetesEvents events;
    private final InstantSource clock;
    private final Retries retries;

    /**
     * How often a receiver is tried.
     *
     * @param first   pause after the first attempt; each is twice the one before
     * @param longest of them
     */
    public record Retries(Duration first, Duration longest, int attempts) {
        public static final Retries USUAL = new Retries(Duration.ofSeconds(1), Duration.ofMinutes(1), 20);

        private Duration pause(int attempt) {
            Duration pause = first.multipliedBy(1L << Math.min(attempt, 30));
            return pause.compareTo(longest) > 0 ? longest : pause;
        }
    }

    public Alerts(
            AlertReceivers receivers, Fetch fetch, KubernetesEvents events, InstantSource clock, Retries retries) {
        this.receivers = receivers;
        this.fetch = fetch;
        this.events = events;
        this.clock = clock;
        this.retries = retries;
    }

    @Override
    public List<String> receivers(Message message, About about) {
        if (!(message instanceof Message.Alert alert)) {
            return List.of();
        }
        List<AlertRef> own = about.plan().alerts();
        int all = own.isEmpty() ? receivers.usual().receivers().size() : own.size();
        return IntStream.range(0, all)
                .filter(which -> own.isEmpty() || AlertReceivers.wants(own.get(which), alert.severity()))
                .mapToObj(Integer::toString)
                .toList();
    }

    @Override
    public void tell(Message message, About about, String receiver) throws InterruptedException {
        if (!receivers(message, about).contains(receiver)) {
            return;
        }
        int which = Integer.parseInt(receiver);
        AlertText text =
                AlertText.of((Message.Alert) message, about, receivers.usual().cluster());
        List<AlertRef> own = about.plan().alerts();
        if (own.isEmpty()) {
            AlertReceiver usual = receivers.usual().receivers().get(which);
            insist(usual.name(), about, () -> attempt(text, usual));
        } else {
            insist("alert " + own.get(which).name(), about, () -> attempt(text, own.get(which), about));
        }
    }

    /** One attempt to tell somebody. */
    @FunctionalInterface
    private interface Attempt {

        /** Why it failed and may not fail again; empty if it did not. */
        Optional<String> make() throws UnusableReceiver, InterruptedException;
    }

    private void insist(String name, About about, Attempt attempt) throws InterruptedException {
        String why = "";
        for (int made = 0; made < retries.attempts(); made++) {
            if (made > 0) {
                Thread.sleep(retries.pause(made - 1));
            }
            try {
                Optional<String> failure = attempt.make();
                if (failure.isEmpty()) {
                    return;
                }
                why = failure.get();
            } catch (UnusableReceiver e) {
                giveUp(name, about, e.text());
                return;
            }
            LOG.atWarn().addKeyValue("receiver", name).addKeyValue("cause", why).log("an alert could not be sent");
        }
        giveUp(name, about, why);
    }

    private void giveUp(String name, About about, String why) {
        LOG.atWarn().addKeyValue("receiver", name).addKeyValue("cause", why).log("an alert is given up");
        events.complain(about.canary(), "Alert could not be sent to " + name + ": " + why);
    }

    private Optional<String> attempt(AlertText text, AlertRef ref, About about)
            throws UnusableReceiver, InterruptedException {
        try {
            return attempt(text, receivers.of(ref, about));
        } catch (KubernetesClientException e) {
            return Optional.of("it cannot be looked up: " + e.getMessage());
        }
    }

    private Optional<String> attempt(AlertText text, AlertReceiver receiver)
            throws UnusableReceiver, InterruptedException {
        try {
            Reply reply = fetch.fetch(AlertRequests.of(text, receiver, clock.instant()));
            if (reply.isOk()) {
                return Optional.empty();
            }
            String why = "Status " + reply.status() + ": " + reply.excerpt();
            if (reply.isTransient()) {
                return Optional.of(why);
            }
            throw new UnusableReceiver(why);
        } catch (NoReply e) {
            return Optional.of(e.text());
        }
    }
}
