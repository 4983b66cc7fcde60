package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Carries out a rollout's plans by hand: ReplicaSets whose Pods become ready when the test says so. */
final class SimulatedCluster {
    final Map<String, ReplicaSet> sets = new LinkedHashMap<>();
    final List<String> told = new ArrayList<>();
    Deployment deployment;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** Pods of images that this refuses never become ready. */
    Predicate<String> works = _ -> true;

    private int created;

    SimulatedCluster(int replicas, String surge, String unavailable) {
        deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("test")
                .withUid("deployment-uid")
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withProgressDeadlineSeconds(600)
                .withRevisionHistoryLimit(10)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(limit(surge))
                .withMaxUnavailable(limit(unavailable))
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("web:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static IntOrString limit(String text) {
        return text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.valueOf(text));
    }

    void edit(Consumer<DeploymentBuilder> change) {
        DeploymentBuilder builder = new DeploymentBuilder(deployment);
        change.accept(builder);
        builder.editMetadata()
                .withGeneration(deployment.getMetadata().getGeneration() + 1)
                .endMetadata();
        deployment = builder.build();
    }

    void setImage(String image) {
        edit(each -> each.editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
    }

    void scale(int replicas) {
        edit(each -> each.editSpec().withReplicas(replicas).endSpec());
    }

    /** One reconcile: plans, does it, stores the status. Returns the plan. */
    Plan reconcile() {
        Plan plan = plan();
        plan.steps().forEach(this::apply);
        DeploymentBuilder builder = new DeploymentBuilder(deployment).withStatus(plan.status());
        if (plan.revision() != 0) {
            builder.editMetadata()
                    .addToAnnotations(Revisions.REVISION, Long.toString(plan.revision()))
                    .endMetadata();
        }
        deployment = builder.build();
        return plan;
    }

    Plan plan() {
        Set<String> withPods = sets.values().stream()
                .filter(set -> Sizes.actual(set) > 0)
                .map(set -> set.getMetadata().getUid())
                .collect(Collectors.toSet());
        return Rollout.next(deployment, List.copyOf(sets.values()), withPods, now);
    }

    private void apply(Step step) {
        String name = step.set().getMetadata().getName();
        switch (step) {
            case Step.Create(ReplicaSet set) -> {
                created++;
                told.add("create " + image(set) + " " + Sizes.wanted(set));
                sets.put(
                        name,
                        new ReplicaSetBuilder(set)
                                .editMetadata()
                                .withUid("set-" + created)
                                .withGeneration(1L)
                                .withCreationTimestamp(now.plusSeconds(created).toString())
                                .endMetadata()
                                .build());
            }
            case Step.Replace(ReplicaSet set, int from) -> {
                told.add("scale " + image(set) + " " + from + " " + Sizes.wanted(set));
                sets.put(name, set);
            }
            case Step.Delete(ReplicaSet set) -> {
                told.add("delete " + image(set));
                sets.remove(name);
            }
        }
    }

    /** All Pods that should exist do, and become ready if their image works. */
    void podsFollow() {
        sets.replaceAll((_, set) -> {
            int size = Sizes.wanted(set);
            int ready = works.test(image(set)) ? size : 0;
            return new ReplicaSetBuilder(set)
                    .withNewStatus()
                    .withReplicas(size)
                    .withReadyReplicas(ready)
                    .withAvailableReplicas(ready)
                    .withObservedGeneration(set.getMetadata().getGeneration())
                    .endStatus()
                    .build();
        });
        now = now.plus(Duration.ofSeconds(1));
    }

    /** Reconciles and lets Pods follow until a plan has nothing left to do. */
    void settle() {
        for (int round = 0; round < 100; round++) {
            Plan plan = reconcile();
            podsFollow();
            if (plan.steps().isEmpty()
                    && plan().steps().isEmpty()
                    && plan().status().equals(deployment.getStatus())) {
                return;
            }
        }
        throw new AssertionError("the rollout does not come to rest: " + told);
    }

    int size(String image) {
        return has(image) ? Sizes.wanted(set(image)) : 0;
    }

    boolean has(String image) {
        return sets.values().stream().anyMatch(set -> image(set).equals(image));
    }

    ReplicaSet set(String image) {
        return sets.values().stream()
                .filter(set -> image(set).equals(image))
                .findFirst()
                .orElseThrow();
    }

    int available() {
        return Sizes.sum(sets.values(), Sizes::lastingAvailable);
    }

    int total() {
        return Sizes.sum(sets.values(), Sizes::wanted);
    }

    String reason(String type) {
        return new Conditions(deployment.getStatus().getConditions())
                .get(type)
                .map(each -> each.getStatus() + " " + each.getReason())
                .orElse("");
    }

    static String image(ReplicaSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    }
}
