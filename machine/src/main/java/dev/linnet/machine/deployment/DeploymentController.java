package dev.linnet.machine.deployment;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Claims;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodReadiness;
import dev.linnet.machine.control.PodTemplates;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Selectors;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@link Rollout} decides. */
public final class DeploymentController implements Part {
    private static final Logger log = LoggerFactory.getLogger(DeploymentController.class);
    private static final String NAME = "deployment-controller";
    private static final int WORKERS = 4;
    private static final Duration CACHE_CATCHES_UP = Duration.ofMillis(20);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Events.Recorder events;
    private final Watched<Deployment> deployments;
    private final Watched<ReplicaSet> sets;
    private final Watched<Pod> pods;
    private final ReconcileLoop<Key> loop;

    public DeploymentController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.events = bench.events().by(NAME);
        this.deployments = bench.informers().of(Deployment.class);
        this.sets = bench.informers().of(ReplicaSet.class);
        this.pods = bench.informers().of(Pod.class);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(deployments, sets, pods), this::reconcile);
        deployments.onChange(deployment -> loop.touch(Key.of(deployment)));
        sets.onChange(this::touchOwner);
        pods.onChange(this::touchRecreating);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void touchOwner(ReplicaSet set) {
        if (Owners.controllerOf(set).isPresent()) {
            Owners.controllerKey(set, "Deployment").ifPresent(loop::touch);
        } else {
            deployments.inNamespace(set.getMetadata().getNamespace()).stream()
                    .filter(each -> Selectors.matches(
                            each.getSpec().getSelector(), set.getMetadata().getLabels()))
                    .forEach(each -> loop.touch(Key.of(each)));
        }
    }

    /** Strategy Recreate waits for the last old Pod to be gone; nothing else here depends on single Pods. */
    private void touchRecreating(Pod pod) {
        Owners.controllerKey(pod, "ReplicaSet")
                .flatMap(sets::get)
                .flatMap(set -> Owners.controllerKey(set, "Deployment"))
                .flatMap(deployments::get)
                .filter(deployment -> !Limits.isRolling(deployment))
                .ifPresent(deployment -> loop.touch(Key.of(deployment)));
    }

    private Duration reconcile(Key key) {
        Optional<Deployment> found = deployments.get(key);
        if (found.isEmpty()) {
            return Reconciler.NOT_AGAIN;
        }
        Deployment deployment = found.get();
        if (selectsEverything(deployment.getSpec().getSelector())) {
            events.warning(
                    deployment,
                    "SelectingAll",
                    "This deployment is selecting all pods. A non-empty selector is required.");
            return Reconciler.NOT_AGAIN;
        }
        List<ReplicaSet> owned = claim(deployment);
        Plan plan = Rollout.next(deployment, owned, withPods(owned), clock.instant());
        for (Step step : plan.steps()) {
            if (!carriedOut(deployment, step)) {
                return CACHE_CATCHES_UP;
            }
        }
        Deployment marked = markRevision(deployment, plan.revision());
        writeStatus(marked, plan.status());
        return plan.again();
    }

    private static boolean selectsEverything(LabelSelector selector) {
        return (selector.getMatchLabels() == null || selector.getMatchLabels().isEmpty())
                && selector.getMatchExpressions().isEmpty();
    }

    private List<ReplicaSet> claim(Deployment deployment) {
        Claims<ReplicaSet> claims = Claims.of(
                deployment,
                deployment.getSpec().getSelector(),
                sets.inNamespace(deployment.getMetadata().getNamespace()));
        List<ReplicaSet> owned = new ArrayList<>(claims.mine());
        for (ReplicaSet orphan : claims.adopt()) {
            owned.add(client.resource(new ReplicaSetBuilder(orphan)
                            .editMetadata()
                            .addToOwnerReferences(Owners.controlledBy(deployment))
                            .endMetadata()
                            .build())
                    .update());
        }
        String uid = deployment.getMetadata().getUid();
        for (ReplicaSet stranger : claims.release()) {
            client.resource(new ReplicaSetBuilder(stranger)
                            .editMetadata()
                            .removeMatchingFromOwnerReferences(owner -> uid.equals(owner.getUid()))
                            .endMetadata()
                            .build())
                    .update();
        }
        return owned;
    }

    private Set<String> withPods(List<ReplicaSet> owned) {
        return owned.stream()
                .map(set -> set.getMetadata().getUid())
                .filter(uid -> pods.ownedBy(uid).stream().anyMatch(pod -> !PodReadiness.isFinished(pod)))
                .collect(Collectors.toSet());
    }

    /** False when the plan rests on something that is not so; it must be made anew. */
    private boolean carriedOut(Deployment deployment, Step step) {
        switch (step) {
            case Step.Create(ReplicaSet set) -> {
                return created(deployment, set);
            }
            case Step.Replace(ReplicaSet set, int from) -> {
                client.resource(set).update();
                tellScaled(deployment, set, from);
            }
            case Step.Delete(ReplicaSet set) -> {
                client.resource(set)
                        .lockResourceVersion(set.getMetadata().getResourceVersion())
                        .delete();
                log.atDebug().addKeyValue("replicaSet", Key.of(set)).log("Old version forgotten");
            }
        }
        return true;
    }

    private boolean created(Deployment deployment, ReplicaSet set) {
        try {
            client.resource(set).create();
            tellScaled(deployment, set, 0);
            return true;
        } catch (KubernetesClientException refused) {
            if (ReconcileLoop.isConflict(refused)) {
                countCollision(deployment, set);
                return false;
            }
            String message =
                    "Failed to create new replica set \"" + set.getMetadata().getName() + "\": " + refused.getMessage();
            tellCreateFailed(deployment, message);
            throw refused;
        }
    }

    /** The name is taken: by our own set, which the cache has yet to show, or by another template with the same hash. */
    private void countCollision(Deployment deployment, ReplicaSet set) {
        ReplicaSet there = client.resource(set).get();
        boolean ours = there != null
                && Owners.controls(deployment, there)
                && PodTemplates.same(
                        there.getSpec().getTemplate(), deployment.getSpec().getTemplate());
        if (ours || there == null) {
            return;
        }
        DeploymentStatus status = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        writeStatus(
                deployment,
                status.edit()
                        .withCollisionCount(Sizes.orZero(status.getCollisionCount()) + 1)
                        .build());
    }

    private void tellCreateFailed(Deployment deployment, String message) {
        events.warning(deployment, Conditions.Reason.CREATE_FAILED, message);
        DeploymentStatus status = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        Conditions conditions =
                new Progress(deployment, clock.instant()).createFailed(new Conditions(status.getConditions()), message);
        writeStatus(deployment, status.edit().withConditions(conditions.all()).build());
    }

    private void tellScaled(Deployment deployment, ReplicaSet set, int from) {
        int to = Sizes.wanted(set);
        if (from != to) {
            String direction = from < to ? "up" : "down";
            events.normal(
                    deployment,
                    "ScalingReplicaSet",
                    "Scaled " + direction + " replica set " + set.getMetadata().getName() + " from " + from + " to "
                            + to);
        }
    }

    /** The annotation is written to the object itself: not every server takes annotations through /status. */
    private Deployment markRevision(Deployment deployment, long revision) {
        if (revision == 0 || revision == Revisions.of(deployment)) {
            return deployment;
        }
        return client.resource(new DeploymentBuilder(deployment)
                        .editMetadata()
                        .addToAnnotations(Revisions.REVISION, Long.toString(revision))
                        .endMetadata()
                        .build())
                .update();
    }

    private void writeStatus(Deployment deployment, DeploymentStatus status) {
        if (!status.equals(deployment.getStatus())) {
            client.resource(new DeploymentBuilder(deployment).withStatus(status).build())
                    .updateStatus();
        }
    }
}
