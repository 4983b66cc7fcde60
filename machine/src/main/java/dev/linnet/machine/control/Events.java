package dev.linnet.machine.control;

import dev.linnet.machine.Part;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happened, as core/v1 Events. What happens again within ten minutes is counted on the first Event.
 * Telling never delays or fails what is told about: it runs on one thread of its own, and when too much happens the
 * latest is not told.
 */
public final class Events implements Part {
    private static final Logger log = LoggerFactory.getLogger(Events.class);
    private static final int WAITING = 1_000;
    private static final int REMEMBERED = 1_000;
    private static final Duration COUNT_WITHIN = Duration.ofMinutes(10);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Map<Sameness, Told> told = new Recent();
    private final AtomicLong names;
    private volatile boolean closing;
    private @Nullable Thread writer;

    /** What makes two Events one. */
    private record Sameness(
            String uid, @Nullable String part, String component, String type, String reason, String message) {
        static Sameness of(Event event) {
            return new Sameness(
                    event.getInvolvedObject().getUid(),
                    event.getInvolvedObject().getFieldPath(),
                    event.getSource().getComponent(),
                    event.getType(),
                    event.getReason(),
                    event.getMessage());
        }
    }

    private record Told(String name, int count, Instant last) {}

    /** Keeps the latest that were told, so that memory stays bounded. */
    private static final class Recent extends LinkedHashMap<Sameness, Told> {
        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sameness, Told> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** One component's voice. */
    public final class Recorder {
        private final String component;
        private final String host;

        private Recorder(String component, String host) {
            this.component = component;
            this.host = host;
        }

        /** @param reason one CamelCase word, {@code ScalingReplicaSet} */
        public void normal(HasMetadata about, String reason, String message) {
            tell(about, "Normal", reason, message);
        }

        public void warning(HasMetadata about, String reason, String message) {
            tell(about, "Warning", reason, message);
        }

        /** @param part what of the object this is about, {@code spec.containers{app}} */
        public void normal(HasMetadata about, String part, String reason, String message) {
            tell(event(about, "Normal", reason, message), part);
        }

        public void warning(HasMetadata about, String part, String reason, String message) {
            tell(event(about, "Warning", reason, message), part);
        }

        private void tell(Event event, String part) {
            event.getInvolvedObject().setFieldPath(part);
            tell(event);
        }

        private void tell(HasMetadata about, String type, String reason, String message) {
            tell(event(about, type, reason, message));
        }

        private void tell(Event event) {
            if (!waiting.offer(event)) {
                log.atDebug().addKeyValue("reason", event.getReason()).log("Too many Events at once, one is not told");
            }
        }

        private Event event(HasMetadata about, String type, String reason, String message) {
            Key key = Key.of(about);
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            return new EventBuilder()
                    .withNewMetadata()
                    .withName(key.name() + "." + Long.toHexString(names.incrementAndGet()))
                    .withNamespace(key.namespace().isEmpty() ? "default" : key.namespace())
                    .endMetadata()
                    .withNewInvolvedObject()
                    .withApiVersion(about.getApiVersion())
                    .withKind(about.getKind())
                    .withNamespace(about.getMetadata().getNamespace())
                    .withName(key.name())
                    .withUid(about.getMetadata().getUid())
                    .withResourceVersion(about.getMetadata().getResourceVersion())
                    .endInvolvedObject()
                    .withType(type)
                    .withReason(reason)
                    .withMessage(message)
                    .withCount(1)
                    .withFirstTimestamp(now)
                    .withLastTimestamp(now)
                    .withNewSource()
                    .withComponent(component)
                    .withHost(host.isEmpty() ? null : host)
                    .endSource()
                    .withReportingComponent(component)
                    .withReportingInstance(host)
                    .build();
        }
    }

    public Events(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        // As client-go names Events: nanoseconds since 1970, which also keeps names apart across restarts.
        this.names = new AtomicLong(ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()));
    }

    @Override
    public String name() {
        return "events";
    }

    /** {@code component} is what {@code kubectl describe} shows under From, {@code deployment-controller}. */
    public Recorder by(String component) {
        return new Recorder(component, "");
    }

    /** The voice of a component of which each node has one. */
    public Recorder by(String component, String node) {
        return new Recorder(component, node);
    }

    @Override
    public void start() {
        writer = Thread.ofVirtual().name("events").start(this::writeAll);
    }

    private void writeAll() {
        try {
            while (!closing || !waiting.isEmpty()) {
                write(waiting.take());
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    private void write(Event event) throws InterruptedException {
        try {
            Sameness sameness = Sameness.of(event);
            Told before = told.get(sameness);
            Instant now = Instant.parse(event.getLastTimestamp());
            boolean again = before != null && before.last().plus(COUNT_WITHIN).isAfter(now);
            Told after = again && before != null
                    ? new Told(before.name(), before.count() + 1, now)
                    : new Told(event.getMetadata().getName(), 1, now);
            told.put(sameness, after);
            if (after.count() == 1 || !counted(event, after)) {
                client.resource(event).create();
            }
        } catch (KubernetesClientException refused) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("events is closing");
            }
            // A namespace that is going takes no Events; nobody is left to read them either.
            log.atDebug()
                    .addKeyValue("reason", event.getReason())
                    .setCause(refused)
                    .log("Event was not stored");
        }
    }

    /** False when the first Event is gone, deleted or expired. */
    private boolean counted(Event event, Told told) {
        try {
            client.v1()
                    .events()
                    .inNamespace(event.getMetadata().getNamespace())
                    .withName(told.name())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"count\":" + told.count() + ",\"lastTimestamp\":\"" + event.getLastTimestamp() + "\"}");
            return true;
        } catch (KubernetesClientException failure) {
            if (ReconcileLoop.isNotFound(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** Gives what waits a second to be told. */
    @Override
    public void close() {
        closing = true;
        Thread thread = writer;
        if (thread == null) {
            return;
        }
        try {
            if (waiting.isEmpty() || !thread.join(PATIENCE_AT_END)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
