package dev.linnet.controller.mesh;

import dev.linnet.manifests.mesh.Original;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who changes Services of a namespace back that are led to gateways: somebody who does so again and again will go on doing it. */
final class ForeignEdits {
    private static final int MOST = 3;
    private static final Duration OFTEN = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<String, Deque<Instant>> edits = new HashMap<>();
    private final Map<String, String> counted = new HashMap<>();
    private final Set<String> led = new HashSet<>();
    private final Map<String, String> givenUp = new HashMap<>();

    ForeignEdits(InstantSource clock) {
        this.clock = clock;
    }

    /** It is led to gateways: what is different from now on is somebody else's edit. */
    void isLed(Service service) {
        led.add(service.getMetadata().getName());
    }

    /**
     * Whether it is to be left alone from now on. One edit may be seen in several versions, those of our own conditions among them: it counts once
     * until the Service is led again.
     */
    boolean areTooMany(Service service) {
        String name = service.getMetadata().getName();
        String version = service.getMetadata().getResourceVersion();
        if (version.equals(counted.put(name, version)) || !led.remove(name)) {
            return false;
        }
        String manager = lastWriter(service);
        Instant now = clock.instant();
        Deque<Instant> times = edits.computeIfAbsent(name + " " + manager, _ -> new ArrayDeque<>());
        times.addLast(now);
        while (times.peekFirst() != null && times.peekFirst().isBefore(now.minus(OFTEN))) {
            times.removeFirst();
        }
        if (times.size() < MOST) {
            return false;
        }
        givenUp.put(
                name,
                manager + " has changed it back " + MOST + " times within " + OFTEN.toMinutes()
                        + " min (expected: that it ignores spec.selector, spec.ports[*].targetPort and metadata.annotations["
                        + Original.ANNOTATION + "])");
        return true;
    }

    private static String lastWriter(Service service) {
        return Optional.ofNullable(service.getMetadata().getManagedFields()).stream()
                .flatMap(List::stream)
                .filter(entry -> !"linnet".equals(entry.getManager()) && entry.getTime() != null)
                .max(Comparator.comparing(ManagedFieldsEntry::getTime))
                .map(ManagedFieldsEntry::getManager)
                .orElse("somebody");
    }

    /** Why it is left alone, if it is. */
    Optional<String> refusal(Service service) {
        return Optional.ofNullable(givenUp.get(service.getMetadata().getName()));
    }

    /** Nobody wants it to be led any more: the next time is a new beginning. */
    void forgive(Service service) {
        givenUp.remove(service.getMetadata().getName());
    }
}
