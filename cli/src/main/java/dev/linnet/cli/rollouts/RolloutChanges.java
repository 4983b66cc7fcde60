package dev.linnet.cli.rollouts;

import dev.linnet.controller.api.Canary;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One rollout, again and again: at each change of its Canary, so that no phase is missed however short it is, and from time to time,
 * because its Pods change without it.
 */
final class RolloutChanges implements AutoCloseable {
    /** More than a release has steps. Who takes them as slowly as this loses the oldest. */
    private static final int WAITING = 256;

    private final RolloutReader reader;
    private final String namespace;
    private final String name;
    private final BlockingQueue<Canary> waiting = new ArrayBlockingQueue<>(WAITING);
    private final SharedIndexInformer<Canary> informer;

    RolloutChanges(KubernetesClient client, String namespace, String name) {
        this.reader = new RolloutReader(client);
        this.namespace = namespace;
        this.name = name;
        this.informer = client.resources(Canary.class)
                .inNamespace(namespace)
                .withName(name)
                .inform(new Changes());
    }

    /**
     * How it is at the next change, or after this time.
     *
     * @throws dev.linnet.cli.UserError if there is no such Canary (any more)
     */
    RolloutView next(Duration atMost) throws InterruptedException {
        @Nullable Canary changed = waiting.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        return changed == null ? reader.one(namespace, name) : reader.whole(changed);
    }

    private final class Changes implements ResourceEventHandler<Canary> {
        @Override
        public void onAdd(Canary added) {
            note(added);
        }

        @Override
        public void onUpdate(Canary before, Canary now) {
            note(now);
        }

        @Override
        public void onDelete(Canary last, boolean stateUnknown) {
            // the next look says that it is gone
        }

        private void note(Canary canary) {
            while (!waiting.offer(canary)) {
                waiting.poll();
            }
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
