package dev.linnet.controller.release;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Workloads as a kubelet would have them: Pods of an image whose tag says {@code broken} never become available, all others do as soon as they
 * are looked at. A rolling update takes no Pod away before the new one is available; a workload that is scaled to zero has none at once.
 */
final class SimulatedPods {
    private static final String PARKED = "flagger.app/scale-to-zero";

    private final KubernetesClient client;
    private final String namespace;
    private final InstantSource clock;
    private final Map<String, Rollout> rollouts = new HashMap<>();
    private boolean frozen;

    /** Of one template: since when, and how many Pods of the one before serve. */
    private record Rollout(String template, Instant since, int before) {}

    SimulatedPods(KubernetesClient client, String namespace, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
    }

    /** From now on nothing changes any more, as if nodes were slow. */
    void freeze(boolean freezes) {
        frozen = freezes;
    }

    /**
     * Brings all workloads where they should be.
     *
     * @return whether any was somewhere else
     */
    boolean settle() {
        if (frozen) {
            return false;
        }
        boolean changed = false;
        for (Deployment deployment :
                client.apps().deployments().inNamespace(namespace).list().getItems()) {
            changed |= settle(deployment);
        }
        for (DaemonSet daemonSet :
                client.apps().daemonSets().inNamespace(namespace).list().getItems()) {
            changed |= settle(daemonSet);
        }
        return changed;
    }

    private boolean settle(Deployment deployment) {
        DeploymentStatus now = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        DeploymentStatus then = status(deployment, number(now.getAvailableReplicas()));
        if (sameNumbers(now, then)) {
            return false;
        }
        write(deployment, then);
        return true;
    }

    private DeploymentStatus status(Deployment deployment, int serving) {
        int wanted = deployment.getSpec().getReplicas();
        Rollout rollout =
                rollout(deployment.getMetadata().getUid(), deployment.getSpec().getTemplate(), serving);
        boolean broken = isBroken(deployment.getSpec().getTemplate()) && wanted > 0;
        int old = broken ? Math.min(rollout.before, wanted) : 0;
        int available = broken ? old : wanted;
        Duration deadline = Duration.ofSeconds(
                Objects.requireNonNullElse(deployment.getSpec().getProgressDeadlineSeconds(), 600));
        boolean late = broken && !clock.instant().isBefore(rollout.since.plus(deadline));
        boolean up = available >= wanted;
        return new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(old > 0 ? old + 1 : wanted)
                .withUpdatedReplicas(old > 0 ? 1 : wanted)
                .withReadyReplicas(available)
                .withAvailableReplicas(available)
                .addNewCondition()
                .withType("Available")
                .withStatus(up ? "True" : "False")
                .withReason(up ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable")
                .withLastUpdateTime(rollout.since.toString())
                .withLastTransitionTime(rollout.since.toString())
                .endCondition()
                .addNewCondition()
                .withType("Progressing")
                .withStatus(late ? "False" : "True")
                .withReason(late ? "ProgressDeadlineExceeded" : "NewReplicaSetAvailable")
                .withLastUpdateTime(rollout.since.toString())
                .withLastTransitionTime(rollout.since.toString())
                .endCondition()
                .build();
    }

    private static boolean sameNumbers(DeploymentStatus now, DeploymentStatus then) {
        return Objects.equals(now.getObservedGeneration(), then.getObservedGeneration())
                && number(now.getReplicas()) == number(then.getReplicas())
                && number(now.getAvailableReplicas()) == number(then.getAvailableReplicas())
                && number(now.getUpdatedReplicas()) == number(then.getUpdatedReplicas())
                && reason(now).equals(reason(then));
    }

    private static String reason(DeploymentStatus status) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals("Progressing"))
                .map(condition -> condition.getReason())
                .findFirst()
                .orElse("");
    }

    private boolean settle(DaemonSet daemonSet) {
        DaemonSetStatus now = Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
        PodTemplateSpec template = daemonSet.getSpec().getTemplate();
        int serving = number(now.getNumberAvailable());
        Rollout rollout = rollout(daemonSet.getMetadata().getUid(), template, serving);
        int wanted = isParked(template) ? 0 : 1;
        boolean broken = isBroken(template) && wanted > 0;
        int available = broken ? Math.min(rollout.before, wanted) : wanted;
        DaemonSetStatus then = new DaemonSetStatusBuilder()
                .withObservedGeneration(daemonSet.getMetadata().getGeneration())
                .withDesiredNumberScheduled(wanted)
                .withCurrentNumberScheduled(wanted)
                .withNumberMisscheduled(0)
                .withUpdatedNumberScheduled(wanted)
                .withNumberReady(available)
                .withNumberAvailable(available)
                .build();
        boolean same = Objects.equals(now.getObservedGeneration(), then.getObservedGeneration())
                && number(now.getDesiredNumberScheduled()) == wanted
                && serving == available;
        if (!same) {
            write(daemonSet, then);
        }
        return !same;
    }

    private void write(io.fabric8.kubernetes.api.model.HasMetadata object, Object status) {
        client.resource(object)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("status", status)));
    }

    private Rollout rollout(String uid, PodTemplateSpec template, int serving) {
        String text = Serialization.asJson(template);
        return rollouts.compute(
                uid,
                (_, before) -> before != null && before.template.equals(text)
                        ? before
                        : new Rollout(text, clock.instant(), serving));
    }

    private static boolean isParked(PodTemplateSpec template) {
        return Objects.requireNonNullElse(template.getSpec().getNodeSelector(), Map.<String, String>of())
                .containsKey(PARKED);
    }

    private static boolean isBroken(PodTemplateSpec template) {
        return template.getSpec().getContainers().getFirst().getImage().contains("broken");
    }

    /** How many Pods that a selector finds can serve at this moment. */
    int serving(Map<String, String> selector) {
        int serving = 0;
        for (Deployment deployment :
                client.apps().deployments().inNamespace(namespace).list().getItems()) {
            if (selects(selector, deployment.getSpec().getTemplate())) {
                int available = Optional.ofNullable(deployment.getStatus())
                        .map(status -> number(status.getAvailableReplicas()))
                        .orElse(0);
                serving += Math.min(deployment.getSpec().getReplicas(), available);
            }
        }
        for (DaemonSet daemonSet :
                client.apps().daemonSets().inNamespace(namespace).list().getItems()) {
            PodTemplateSpec template = daemonSet.getSpec().getTemplate();
            if (selects(selector, template) && !isParked(template) && daemonSet.getStatus() != null) {
                serving += number(daemonSet.getStatus().getNumberAvailable());
            }
        }
        return serving;
    }

    /** What the Pods run that a selector finds. */
    Optional<String> image(Map<String, String> selector) {
        return client.apps().deployments().inNamespace(namespace).list().getItems().stream()
                .filter(deployment -> selects(selector, deployment.getSpec().getTemplate()))
                .map(deployment -> deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .findFirst();
    }

    private static boolean selects(Map<String, String> selector, PodTemplateSpec template) {
        return !selector.isEmpty()
                && template.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
    }

    private static int number(@org.jspecify.annotations.Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
