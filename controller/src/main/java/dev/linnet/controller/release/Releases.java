package dev.linnet.controller.release;

import dev.linnet.controller.hook.Webhooks;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.tell.KubernetesEvents;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Deployments;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Puts a reconciler together.
 *
 * @param actor this controller's name, which no other process has ever had
 */
public record Releases(
        KubernetesClient client,
        KubernetesEvents events,
        Webhooks webhooks,
        GatewayNumbers numbers,
        Measurements measurements,
        ReleaseMetrics metrics,
        InstantSource clock,
        String actor) {

    /**
     * A reconciler of all Canaries.
     *
     * @param provider          routes where a Canary names none
     * @param annotationsPrefix of Ingresses
     */
    public CanaryReconciler reconciler(
            String provider, String annotationsPrefix, Deployments.Settings workloads, List<Teller> tellers) {
        return new CanaryReconciler(
                new Worlds(client, events, new Worlds.Usual(provider, annotationsPrefix, workloads, actor)),
                new Questions(webhooks, numbers, measurements, metrics, clock),
                numbers,
                metrics,
                tellers,
                clock,
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("release-", 0).factory()));
    }
}
