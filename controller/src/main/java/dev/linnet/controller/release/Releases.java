package dev.linnet.controller.release;

import dev.linnet.controller.hook.Webhooks;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.tell.KubernetesEvents;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Deployments;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.List;

/** Puts a reconciler together. */
public record Releases(
        KubernetesClient client,
        KubernetesEvents events,
        Webhooks webhooks,
        GatewayNumbers numbers,
        InstantSource clock) {

    /**
     * A reconciler of all Canaries.
     *
     * @param provider          routes where a Canary names none
     * @param annotationsPrefix of Ingresses
     */
    public CanaryReconciler reconciler(
            String provider, String annotationsPrefix, Deployments.Settings workloads, List<Teller> tellers) {
        return new CanaryReconciler(
                new Worlds(client, events, new Worlds.Usual(provider, annotationsPrefix, workloads)),
                new Questions(webhooks, numbers, clock),
                numbers,
                tellers,
                clock);
    }
}
