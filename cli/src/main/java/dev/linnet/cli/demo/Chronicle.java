package dev.linnet.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.api.Canary;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What becomes of the demo's Canary, as anybody can follow it: its status, its Events, and the alerts. */
final class Chronicle implements AutoCloseable {
    private static final int MOST = 10_000;

    private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>(MOST);
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

    /** Takes one from somebody else. */
    void add(Happening happening) {
        if (!happenings.offer(happening)) {
            throw new IllegalStateException(MOST + " things happened that nobody told");
        }
    }

    /** Begins to follow the Canaries of a namespace. */
    void follow(KubernetesClient client, String namespace) {
        informers.add(client.resources(Canary.class).inNamespace(namespace).inform(new Added<Canary>() {
            @Override
            public void onAdd(Canary canary) {
                status(canary);
            }

            @Override
            public void onUpdate(Canary before, Canary now) {
                status(now);
            }
        }));
        informers.add(client.v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.kind", "Canary")
                .inform(new Added<Event>() {
                    @Override
                    public void onAdd(Event event) {
                        add(new Happening.Said(event.getType().equals("Warning"), event.getMessage()));
                    }
                }));
    }

    private void status(Canary canary) {
        JsonNode status = canary.getStatus();
        if (status != null) {
            add(new Happening.Status(
                    status.path("phase").asText(), status.path("canaryWeight").asInt()));
        }
    }

    /** The next one; empty if nothing happens for so long. */
    Optional<Happening> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(happenings.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    /** Whoever cares only for what comes. */
    private abstract static class Added<T> implements ResourceEventHandler<T> {
        @Override
        public void onUpdate(T before, T now) {}

        @Override
        public void onDelete(T last, boolean unknown) {}
    }
}
