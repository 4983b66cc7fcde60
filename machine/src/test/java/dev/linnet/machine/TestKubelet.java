package dev.linnet.machine;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs no Pods, but says of all that they run, and confirms their end. What it should not yet do, tests tell it. */
final class TestKubelet implements Part {
    /** Pods whose end is not confirmed while their name begins so. */
    final Set<String> lingering = ConcurrentHashMap.newKeySet();
    /** Images whose Pods never become ready. */
    final Set<String> broken = ConcurrentHashMap.newKeySet();

    private final KubernetesClient client;
    private final AtomicInteger addresses = new AtomicInteger();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("test-kubelet-", 0).factory());
    private final SharedIndexInformer<Pod> pods;

    TestKubelet(KubernetesClient client) {
        this.client = client;
        this.pods = client.pods().inAnyNamespace().runnableInformer(0);
    }

    @Override
    public String name() {
        return "test-kubelet";
    }

    @Override
    public void start() {
        pods.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                thread.execute(() -> look(pod));
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                thread.execute(() -> look(after));
            }

            @Override
            public void onDelete(Pod pod, boolean stateIsOld) {}
        });
        var _ = pods.start();
    }

    /** Ends what it was told to let linger. */
    void letGo() {
        lingering.clear();
        pods.getStore().list().forEach(pod -> thread.execute(() -> look(pod)));
    }

    private void look(Pod pod) {
        try {
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                end(pod);
            } else if (pod.getStatus() == null || pod.getStatus().getPodIP() == null) {
                say(pod, !broken.contains(image(pod)));
            }
        } catch (KubernetesClientException _) {
            // It moved on; the next event brings it again.
        }
    }

    private static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    private void end(Pod pod) {
        if (lingering.stream().noneMatch(pod.getMetadata().getName()::startsWith)) {
            client.resource(pod).withGracePeriod(0).delete();
        }
    }

    void say(Pod pod, boolean ready) {
        int number = addresses.incrementAndGet();
        String ip = pod.getStatus() == null || pod.getStatus().getPodIP() == null
                ? "10.0." + number / 250 + "." + (number % 250 + 1)
                : pod.getStatus().getPodIP();
        client.resource(new PodBuilder(pod)
                        .editMetadata()
                        .withResourceVersion(null)
                        .endMetadata()
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .addNewPodIP(ip)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .withLastTransitionTime(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    @Override
    public void close() {
        pods.close();
        thread.shutdownNow();
    }
}
