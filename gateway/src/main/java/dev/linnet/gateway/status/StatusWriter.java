package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.FollowedObject;
import dev.linnet.numbers.MetricSource;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes addresses, conditions and Events for what the {@link Feed} follows, while this gateway holds the Lease. Writes only what is not
 * there yet: nothing at rest, but the Lease itself.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    /** Stands for all objects, and for what is to be found out before they are looked at. */
    private static final ObjectRef ROUND = new ObjectRef("Round", "", "");

    private final Feed feed;
    private final StatusSettings settings;
    private final Rivals rivals;
    private final Addresses reachable;
    private final AddressWriter writer;
    private final ConditionWriter conditions;
    private final EventTeller events;
    private final StatusLease lease;
    private final Due due = new Due();
    private final Thread thread;
    private Optional<List<IngressLoadBalancerIngress>> addresses = Optional.empty();

    /** The versions of objects about which the API has refused to be told. */
    private final Map<ObjectRef, String> refused = new HashMap<>();

    public StatusWriter(KubernetesClient client, Feed feed, StatusSettings settings, Clock clock) {
        this.feed = feed;
        this.settings = settings;
        this.rivals = new Rivals(client, settings.insists(), clock);
        this.reachable = new Addresses(client, settings.published());
        this.writer = new AddressWriter(client, rivals);
        this.conditions = new ConditionWriter(client, clock);
        this.events = new EventTeller(client, settings, clock);
        this.lease = new StatusLease(client, settings, () -> due.add(Set.of(ROUND)));
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
        return new LeaderMetric(settings.lease().name(), lease::held);
    }

    private void work() {
        Duration pause = Duration.ZERO;
        Set<ObjectRef> failed = Set.of();
        try {
            while (true) {
                Set<ObjectRef> objects = due.take(pause);
                failed = lease.held() ? writeAll(objects, failed) : Set.of();
                due.add(failed);
                pause = failed.isEmpty() ? Duration.ZERO : longer(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** The objects that must be tried again. */
    private Set<ObjectRef> writeAll(Set<ObjectRef> objects, Set<ObjectRef> failedBefore) {
        Set<ObjectRef> failed = new LinkedHashSet<>();
        Set<ObjectRef> all = new LinkedHashSet<>(objects);
        if (all.remove(ROUND)) {
            tryOnce(ROUND, this::beginRound, failed, failedBefore);
            feed.followed().forEach(object -> all.add(object.object()));
        }
        for (ObjectRef object : all) {
            if (lease.held()) {
                tryOnce(object, () -> write(object), failed, failedBefore);
            }
        }
        return failed;
    }

    private void tryOnce(ObjectRef object, Runnable task, Set<ObjectRef> failed, Set<ObjectRef> failedBefore) {
        try {
            task.run();
            refused.remove(object);
        } catch (KubernetesClientException e) {
            if (isWorthAnotherTry(e)) {
                failed.add(object);
                logFailure(object, e, failedBefore.contains(object));
            } else {
                String version = version(object);
                logFailure(object, e, version.equals(refused.put(object, version)));
            }
        }
    }

    private String version(ObjectRef object) {
        return feed.followed(object)
                .map(followed -> followed.identity().resourceVersion())
                .orElse("");
    }

    private void beginRound() {
        due.addAfter(ROUND, settings.pace().round());
        rivals.look();
        addresses = Optional.of(reachable.find());
    }

    /** Not if the object is gone, or its namespace is about to. */
    private static boolean isWorthAnotherTry(KubernetesClientException e) {
        return e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_FORBIDDEN;
    }

    /** Told once per outage, or per version of an object that is refused: the tries that follow are no news. */
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
            rivals.forget(object);
            return;
        }
        if (object.kind().equals("Ingress")) {
            addresses.ifPresent(known -> writer.write(followed.get(), known));
        }
        followed.get()
                .wish()
                .ifPresent(wish -> addresses.ifPresent(known -> conditions.write(followed.get(), wish, known)));
        events.tell(followed.get()).ifPresent(later -> due.addAfter(object, later));
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
