package dev.linnet.machine.event;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events in the background, so that telling never holds up doing. The same event again counts up the one that exists,
 * and is written at most every ten seconds. Events are dropped rather than waited for.
 */
public final class EventRecorder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
    private static final int QUEUE = 1_000;
    private static final int REMEMBERED = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** How bad it is, in Kubernetes' words. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    /**
     * Who tells.
     *
     * @param component {@code kubelet}, {@code default-scheduler}
     * @param host      the node; empty when it has none
     */
    public record Source(String component, String host) {}

    private record Told(ObjectReference about, Source source, Type type, String reason, String message, Instant at) {
        Same same() {
            return new Same(about.getUid(), about.getFieldPath(), source, reason, message);
        }
    }

    private record Same(String uid, Optional<String> part, Source source, String reason, String message) {
        Same(String uid, String fieldPath, Source source, String reason, String message) {
            this(Objects.requireNonNullElse(uid, ""), Optional.ofNullable(fieldPath), source, reason, message);
        }
    }

    private static final class Series {
        private final String name;
        private int count = 1;
        private Instant written;

        Series(String name, Instant written) {
            this.name = name;
            this.written = written;
        }
    }

    private final KubernetesClient client;
    private final InstantSource clock;
    private final BlockingQueue<Told> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong serial = new AtomicLong();
    private final Map<Same, Series> series = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread writer;
    private volatile boolean closing;

    public EventRecorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("events").start(this::write);
    }

    /** Tells something about an object. */
    public void tell(HasMetadata about, Source source, Type type, String reason, String message) {
        tell(about, "", source, type, reason, message);
    }

    /**
     * Tells something about a part of an object.
     *
     * @param fieldPath {@code spec.containers{app}}, or empty
     */
    public void tell(HasMetadata about, String fieldPath, Source source, Type type, String reason, String message) {
        Told told = new Told(reference(about, fieldPath), source, type, reason, message, clock.instant());
        if (!queue.offer(told)) {
            log.atDebug().addKeyValue("reason", reason).log("Event dropped: too many at once");
        }
    }

    private static ObjectReference reference(HasMetadata about, String fieldPath) {
        ObjectReferenceBuilder reference = new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion());
        return fieldPath.isEmpty()
                ? reference.build()
                : reference.withFieldPath(fieldPath).build();
    }

    private void write() {
        try {
            while (!closing || !queue.isEmpty()) {
                Told told = queue.poll(1, TimeUnit.MINUTES);
                if (told != null) {
                    writeOne(told);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOne(Told told) {
        try {
            Series known = series.get(told.same());
            if (known == null) {
                create(told);
            } else {
                countUp(told, known);
            }
        } catch (KubernetesClientException e) {
            // Usual while a namespace ends or the API server stops: Events are no use then.
            series.remove(told.same());
            log.atDebug().addKeyValue("reason", told.reason()).setCause(e).log("Event not written");
        }
    }

    private void create(Told told) {
        String name = "%s.%016x".formatted(told.about().getName(), nanos(told.at()) + serial.incrementAndGet());
        client.v1().events().resource(event(told, name)).create();
        series.put(told.same(), new Series(name, told.at()));
        if (series.size() > REMEMBERED) {
            series.remove(series.keySet().iterator().next());
        }
    }

    private void countUp(Told told, Series known) {
        known.count++;
        if (Duration.between(known.written, told.at()).compareTo(PAUSE) < 0) {
            return;
        }
        known.written = told.at();
        String patch = "{\"count\":%d,\"lastTimestamp\":\"%s\"}".formatted(known.count, seconds(told.at()));
        client.v1()
                .events()
                .inNamespace(namespace(told.about()))
                .withName(known.name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static Event event(Told told, String name) {
        return new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace(told.about()))
                .endMetadata()
                .withInvolvedObject(told.about())
                .withReason(told.reason())
                .withMessage(told.message())
                .withType(told.type().text)
                .withCount(1)
                .withFirstTimestamp(seconds(told.at()))
                .withLastTimestamp(seconds(told.at()))
                .withNewSource(
                        told.source().component(),
                        told.source().host().isEmpty() ? null : told.source().host())
                .withReportingComponent(told.source().component())
                .withReportingInstance(told.source().host())
                .build();
    }

    private static String namespace(ObjectReference about) {
        return Objects.requireNonNullElse(about.getNamespace(), "default");
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    /** Writes what is left, for at most a second. */
    @Override
    public void close() {
        closing = true;
        try {
            if (queue.isEmpty()) {
                writer.interrupt();
            }
            if (!writer.join(LAST_WORDS)) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
