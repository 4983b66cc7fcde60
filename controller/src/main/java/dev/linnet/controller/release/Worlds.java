package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.CanaryStatus;
import dev.linnet.controller.route.IngressRoutes;
import dev.linnet.controller.route.KnativeRoutes;
import dev.linnet.controller.route.NoRoutes;
import dev.linnet.controller.route.Routes;
import dev.linnet.controller.route.WeightedRoutes;
import dev.linnet.controller.tell.KubernetesEvents;
import dev.linnet.controller.workload.Autoscalers;
import dev.linnet.controller.workload.CoreServices;
import dev.linnet.controller.workload.DaemonSets;
import dev.linnet.controller.workload.Deployments;
import dev.linnet.controller.workload.KnativeServices;
import dev.linnet.controller.workload.KnativeServices.Life;
import dev.linnet.controller.workload.ScaledObjects;
import dev.linnet.controller.workload.Scaler;
import dev.linnet.controller.workload.Workload;
import dev.linnet.manifests.flagger.CanaryHttpRoute;
import dev.linnet.manifests.flagger.CanaryIngress;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.manifests.flagger.CanaryVirtualService;
import dev.linnet.manifests.flagger.KnativeService;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Phase;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Makes the {@link World} of each Canary. */
final class Worlds {
    private final KubernetesClient client;
    private final KubernetesEvents events;
    private final Usual usual;

    /**
     * What is the same for all Canaries.
     *
     * @param provider          routes where a Canary names none
     * @param annotationsPrefix of Ingresses
     * @param actor             this controller's name, which no other process has ever had
     */
    record Usual(String provider, String annotationsPrefix, Deployments.Settings workloads, String actor) {}

    Worlds(KubernetesClient client, KubernetesEvents events, Usual usual) {
        this.client = client;
        this.events = events;
        this.usual = usual;
    }

    /** The Canary as the API server has it now; empty if it is gone. */
    Optional<Canary> live(Canary cached) {
        return Optional.ofNullable(client.resources(Canary.class)
                .inNamespace(cached.getMetadata().getNamespace())
                .withName(cached.getMetadata().getName())
                .get());
    }

    CanaryPlan plan(Canary canary) throws UnreadableCanary {
        return CanaryReader.read(canary.getMetadata(), canary.getSpec(), usual.provider());
    }

    World of(Canary canary, CanaryPlan plan) {
        OwnerReference owner = Ownership.by(canary);
        Workload workload = workload(canary, plan, owner);
        return new World(
                client,
                canary,
                plan,
                workload,
                plan.scaler().map(ref -> scaler(plan, ref, owner)),
                routes(canary, plan, owner),
                new Runs(client, canary, owner, new Runs.Writer(usual.actor(), workload::images)));
    }

    private Workload workload(Canary canary, CanaryPlan plan, OwnerReference owner) {
        return switch (plan.release().kind()) {
            case DEPLOYMENT -> new Deployments(client, plan, owner, usual.workloads());
            case DAEMON_SET -> new DaemonSets(client, plan, owner, usual.workloads());
            case SERVICE -> new CoreServices(client, plan, owner, usual.workloads());
            case KNATIVE -> new KnativeServices(client, plan, life(canary));
        };
    }

    private static Life life(Canary canary) {
        if (canary.isMarkedForDeletion()) {
            return Life.ENDS;
        }
        return CanaryStatus.read(canary.getStatus()).phase() == Phase.NEW ? Life.BEGINS : Life.GOES_ON;
    }

    private Scaler scaler(CanaryPlan plan, ScalerRef ref, OwnerReference owner) {
        return ref.isScaledObject()
                ? new ScaledObjects(client, plan.release().names(), ref, owner)
                : new Autoscalers(client, plan.release().names(), ref, owner);
    }

    private Routes routes(Canary canary, CanaryPlan plan, OwnerReference owner) {
        JsonNode service = canary.getSpec().path("service");
        Release release = plan.release();
        ReleaseMark mark = ReleaseMark.of(canary);
        return switch (release.routing().provider()) {
            case "istio" -> new WeightedRoutes(client, plan, new CanaryVirtualService(release, service), owner, mark);
            case "gatewayapi:v1" ->
                new WeightedRoutes(client, plan, new CanaryHttpRoute(release, service), owner, mark);
            case KnativeService.PROVIDER -> new KnativeRoutes(client, release.names());
            case "nginx" ->
                plan.ingress()
                        .<Routes>map(ingress -> new IngressRoutes(
                                client,
                                release,
                                ingress,
                                new CanaryIngress(release.names(), usual.annotationsPrefix()),
                                owner,
                                mark))
                        .orElseGet(NoRoutes::new);
            default -> new NoRoutes();
        };
    }

    /** An Event of what keeps a release from going on. */
    void complain(Canary canary, String text) {
        events.complain(canary, text);
    }
}
