package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.FollowedObject;
import dev.linnet.numbers.MetricSource;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes addresses and Events for what the {@link Feed} follows, while this gateway holds the Lease. Writes only what is not
 * there yet: nothing at rest, but the Lease itself.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private final Feed feed;
    private final AddressWriter addresses;
    private final EventTeller events;
    private final StatusLease lease;
    private final String leaseName;
    private final Due due = new Due();
    private final Thread thread;

    public StatusWriter(KubernetesClient client, Feed feed, StatusSettings settings, Clock clock) {
        this.feed = feed;
        this.addresses = new AddressWriter(client, settings);
        this.events = new EventTeller(client, settings.identity(), clock);
        this.lease = new StatusLease(client, settings, this::lookAtAll);
        this.leaseName = settings.lease().name();
        this.thread = Thread.ofVirtual().name("linnet-status").unstarted(this::work);
    }

    /** Returns at once. */
    public void start() {
        feed.onChange(due::add);
        thread.start();
        lease.start();
    }

    /** Whether this gateway is the one that writes. */
    public MetricSource metrics() {
        return new LeaderMetric(leaseName, lease::held);
    }

    private void lookAtAll() {
        due.add(feed.followed().stream().map(FollowedObject::object).toList());
    }

    private void work() {
        Duration pause = FIRST_PAUSE;
        Set<ObjectRef> failed = new LinkedHashSet<>();
        try {
            while (true) {
                Set<ObjectRef> objects = failed.isEmpty() ? due.take() : due.takeAfter(pause);
                objects.addAll(failed);
                boolean again = !failed.isEmpty();
                failed = writeAll(objects, again);
                pause = failed.isEmpty() ? FIRST_PAUSE : longer(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** Gives what could not be written. Without the Lease that is another's business, and nothing is left to do. */
    private Set<ObjectRef> writeAll(Set<ObjectRef> objects, boolean again) {
        Set<ObjectRef> failed = new LinkedHashSet<>();
        for (ObjectRef object : objects) {
            if (!lease.held()) {
                return Set.of();
            }
            try {
                write(object);
            } catch (KubernetesClientException e) {
                if (isWorthAnotherTry(e)) {
                    failed.add(object);
                }
                logFailure(object, e, again);
            }
        }
        return failed;
    }

    /** Not if the object is gone, or its namespace is about to. */
    private static boolean isWorthAnotherTry(KubernetesClientException e) {
        return e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_FORBIDDEN;
    }

    /** Told once per outage: the tries that follow are no news. */
    private static void logFailure(ObjectRef object, KubernetesClientException e, boolean again) {
        (again ? log.atDebug() : log.atWarn())
                .addKeyValue("object", object)
                .addKeyValue("cause", e.getMessage())
                .log("Status or Event cannot be written");
    }

    private void write(ObjectRef object) {
        Optional<FollowedObject> followed = feed.followed(object);
        if (followed.isEmpty()) {
            events.forget(object);
            return;
        }
        if (object.kind().equals("Ingress")) {
            addresses.write(followed.get());
        }
        events.tell(followed.get());
    }

    @Override
    public void close() {
        lease.close();
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(CLOSE_DEADLINE)) {
                log.atWarn().addKeyValue("deadline", CLOSE_DEADLINE).log("Status writer does not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
