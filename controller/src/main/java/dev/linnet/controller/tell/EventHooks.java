package dev.linnet.controller.tell;

import dev.linnet.controller.hook.Webhooks;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.step.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Webhooks of type {@code event}: a Canary's own, else the one for all Canaries. */
public final class EventHooks implements Teller {
    private static final Logger LOG = LoggerFactory.getLogger(EventHooks.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Webhooks webhooks;
    private final Optional<String> usual;
    private final InstantSource clock;

    /** @param usual where events of Canaries without such a webhook go */
    public EventHooks(Webhooks webhooks, Optional<String> usual, InstantSource clock) {
        this.webhooks = webhooks;
        this.usual = usual;
        this.clock = clock;
    }

    @Override
    public List<String> receivers(Message message, About about) {
        return message instanceof Message.Event
                ? IntStream.range(0, hooks(about).size())
                        .mapToObj(Integer::toString)
                        .toList()
                : List.of();
    }

    @Override
    public void tell(Message message, About about, String receiver) throws InterruptedException {
        List<Hook> hooks = hooks(about);
        int which = Integer.parseInt(receiver);
        if (message instanceof Message.Event event && which < hooks.size()) {
            tell(event, about, hooks.get(which));
        }
    }

    private void tell(Message.Event event, About about, Hook hook) throws InterruptedException {
        Map<String, String> metadata = new HashMap<>(hook.metadata());
        metadata.put("eventMessage", event.text());
        metadata.put("eventType", event.warning() ? "Warning" : "Normal");
        metadata.put("timestamp", Long.toString(clock.millis()));
        HookResult result = webhooks.call(
                hook, new Webhooks.Payload(about.plan().release().names(), event.phase(), about.checksum(), metadata));
        if (!result.agreed()) {
            LOG.atWarn()
                    .addKeyValue("hook", hook.name())
                    .addKeyValue("cause", result.text())
                    .log("an event webhook did not accept");
        }
    }

    private List<Hook> hooks(About about) {
        List<Hook> own = about.plan().release().analysis().hooks(HookType.EVENT);
        if (!own.isEmpty()) {
            return own;
        }
        return usual.map(url -> new Hook(
                        HookType.EVENT, "event-webhook", new Hook.Call(url, PATIENCE, 0, false), true, Map.of()))
                .map(List::of)
                .orElse(List.of());
    }
}
