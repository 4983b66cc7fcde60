package dev.linnet.machine.control;

import dev.linnet.machine.control.Events.Recorder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Creates and deletes Pods for a controller, several at a time, tells so as Events of the owner, and knows until the cache
 * shows it what was done ({@link Expectations}).
 */
public final class PodChanges {
    /** Creations or deletions in one go; the next go follows as soon as the cache has shown them. */
    public static final int BURST = 500;

    private final KubernetesClient client;
    private final Recorder events;
    private final Expectations expectations;

    public PodChanges(KubernetesClient client, Recorder events, Expectations expectations) {
        this.client = client;
        this.events = events;
        this.expectations = expectations;
    }

    /** Lets the cache's news meet the expectations. {@code ownerKind} is what the Pods' controller must be. */
    public void listen(Watched<Pod> pods, String ownerKind) {
        pods.onEvents(new ResourceEventHandler<Pod>() {
            @Override
            public void onAdd(Pod pod) {
                owner(pod).ifPresent(expectations::created);
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                if (Owners.isBeingDeleted(after)) {
                    owner(after)
                            .ifPresent(key -> expectations.deleted(
                                    key, after.getMetadata().getUid()));
                }
            }

            @Override
            public void onDelete(Pod pod, boolean stateIsOld) {
                owner(pod)
                        .ifPresent(key ->
                                expectations.deleted(key, pod.getMetadata().getUid()));
            }

            private Optional<Key> owner(Pod pod) {
                return Owners.controllerKey(pod, ownerKind);
            }
        });
    }

    /** Doubles the number at a time, from one, so that a Pod that cannot be created fails once and not five hundred times. */
    public void create(HasMetadata owner, List<Pod> wanted) {
        Key key = Key.of(owner);
        expectations.expectCreations(key, wanted.size());
        int done = 0;
        try {
            for (int batch = 1; done < wanted.size(); batch *= 2) {
                List<Pod> next = wanted.subList(done, Math.min(done + batch, wanted.size()));
                done += next.size();
                each(next, pod -> createOne(owner, key, pod));
            }
        } finally {
            for (int left = wanted.size() - done; left > 0; left--) {
                expectations.created(key);
            }
        }
    }

    private void createOne(HasMetadata owner, Key key, Pod wanted) {
        try {
            Pod pod = client.resource(wanted).create();
            events.normal(
                    owner,
                    "SuccessfulCreate",
                    "Created pod: " + pod.getMetadata().getName());
        } catch (KubernetesClientException refused) {
            expectations.created(key);
            if (!isNamespaceEnding(refused)) {
                events.warning(owner, "FailedCreate", "Error creating: " + reason(refused));
                throw refused;
            }
        }
    }

    /** Its end will take the owner too, so there is nothing to tell. */
    private static boolean isNamespaceEnding(KubernetesClientException refused) {
        return refused.getCode() == 403 && reason(refused).contains("because it is being terminated");
    }

    /** What the server said, without the client's preamble. */
    public static String reason(KubernetesClientException refused) {
        if (refused.getStatus() != null && refused.getStatus().getMessage() != null) {
            return refused.getStatus().getMessage();
        }
        return String.valueOf(refused.getMessage());
    }

    public void delete(HasMetadata owner, List<Pod> surplus) {
        Key key = Key.of(owner);
        surplus.forEach(
                pod -> expectations.expectDeletion(key, pod.getMetadata().getUid()));
        each(surplus, pod -> deleteOne(owner, key, pod));
    }

    private void deleteOne(HasMetadata owner, Key key, Pod pod) {
        String name = pod.getMetadata().getName();
        try {
            var deleted = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(name)
                    .delete();
            if (deleted.isEmpty()) {
                // It was gone already, and the cache may have said so before we expected it.
                expectations.deleted(key, pod.getMetadata().getUid());
                return;
            }
            events.normal(owner, "SuccessfulDelete", "Deleted pod: " + name);
        } catch (KubernetesClientException refused) {
            expectations.deleted(key, pod.getMetadata().getUid());
            events.warning(owner, "FailedDelete", "Error deleting: " + reason(refused));
            throw refused;
        }
    }

    private interface Change {
        void apply(Pod pod);
    }

    /** All at once; the first failure is thrown once all have ended. */
    private static void each(List<Pod> pods, Change change) {
        if (pods.size() == 1) {
            change.apply(pods.getFirst());
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (Pod pod : pods) {
                calls.add(() -> {
                    change.apply(pod);
                    return true;
                });
            }
            for (Future<Boolean> call : threads.invokeAll(calls)) {
                call.get();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted while changing Pods");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KubernetesClientException refused
                    ? refused
                    : new IllegalStateException("changing Pods failed", failed.getCause());
        }
    }
}
