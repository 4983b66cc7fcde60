package dev.linnet.machine.deployment;

import dev.linnet.machine.control.PodTemplates;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the next steps of a Deployment from what is there. Pure: the same world gives the same plan, and a plan that was
 * carried out and seen gives the next one, until nothing is left to do.
 */
final class Rollout {
    private final Deployment deployment;
    private final List<ReplicaSet> old;
    private final Set<String> setsWithPods;
    private final Instant now;
    private final Progress progress;
    private final List<Step> steps = new ArrayList<>();
    private Optional<ReplicaSet> inCharge;
    private Conditions conditions;
    private long revision;

    private Rollout(Deployment deployment, List<ReplicaSet> sets, Set<String> setsWithPods, Instant now) {
        this.deployment = deployment;
        this.setsWithPods = setsWithPods;
        this.now = now;
        this.progress = new Progress(deployment, now);
        this.inCharge = sets.stream()
                .filter(set -> PodTemplates.same(
                        set.getSpec().getTemplate(), deployment.getSpec().getTemplate()))
                .min(RollingUpdate.OLDEST_FIRST);
        this.old = sets.stream().filter(set -> !isInCharge(set)).toList();
        List<DeploymentCondition> before = deployment.getStatus() == null
                ? List.of()
                : deployment.getStatus().getConditions();
        this.conditions = new Conditions(before);
    }

    private boolean isInCharge(ReplicaSet set) {
        return inCharge.filter(chosen ->
                        chosen.getMetadata().getName().equals(set.getMetadata().getName()))
                .isPresent();
    }

    /**
     * @param sets         all ReplicaSets that the Deployment controls
     * @param setsWithPods uids of those that still have a Pod which has not ended
     */
    static Plan next(Deployment deployment, List<ReplicaSet> sets, Set<String> setsWithPods, Instant now) {
        return new Rollout(deployment, sets, setsWithPods, now).plan();
    }

    private Plan plan() {
        if (deployment.getMetadata().getDeletionTimestamp() != null) {
            return withStatus(false);
        }
        conditions = progress.pausedOrResumed(conditions);
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            inCharge.ifPresent(this::takeCharge);
            resize(Scaling.resizes(deployment, inCharge, old));
            cleanUp();
            return withStatus(false);
        }
        if (wasScaled()) {
            inCharge.ifPresent(this::takeCharge);
            resize(Scaling.resizes(deployment, inCharge, old));
            return withStatus(false);
        }
        if (Limits.isRolling(deployment)) {
            roll();
        } else {
            recreate();
        }
        if (steps.isEmpty() && progress.isComplete(Counts.of(deployment, inCharge, old))) {
            cleanUp();
        }
        return withStatus(true);
    }

    private boolean wasScaled() {
        return old.stream().anyMatch(this::isOfAnotherSize)
                || inCharge.filter(this::isOfAnotherSize).isPresent();
    }

    private boolean isOfAnotherSize(ReplicaSet set) {
        return Sizes.wanted(set) > 0 && Revisions.knowsAnotherSize(deployment, set);
    }

    private void roll() {
        if (inCharge.isEmpty()) {
            create();
            return;
        }
        ReplicaSet set = inCharge.get();
        takeCharge(set);
        int size = RollingUpdate.sizeInCharge(deployment, Sizes.wanted(set), Sizes.sum(old, Sizes::wanted));
        if (size != Sizes.wanted(set)) {
            resize(List.of(new Resize(inCharge.get(), size)));
        } else {
            resize(RollingUpdate.shrinkOld(deployment, set, old));
        }
    }

    /** All old Pods must be gone before the first new one comes. */
    private void recreate() {
        inCharge.ifPresent(this::takeCharge);
        List<ReplicaSet> active =
                old.stream().filter(set -> Sizes.wanted(set) > 0).toList();
        if (!active.isEmpty()) {
            resize(active.stream().map(set -> new Resize(set, 0)).toList());
        } else if (old.stream()
                .noneMatch(set -> setsWithPods.contains(set.getMetadata().getUid()))) {
            inCharge.ifPresentOrElse(set -> resize(List.of(new Resize(set, Sizes.wanted(deployment)))), this::create);
        }
    }

    private void create() {
        revision = Revisions.next(old);
        int collisions = deployment.getStatus() == null
                ? 0
                : Sizes.orZero(deployment.getStatus().getCollisionCount());
        int size = RollingUpdate.sizeInCharge(deployment, 0, Sizes.sum(old, Sizes::wanted));
        ReplicaSet set = NewReplicaSet.of(deployment, collisions, size, revision);
        conditions = progress.created(conditions, set);
        steps.add(new Step.Create(set));
        inCharge = Optional.of(set);
    }

    /** Keeps annotations and minReadySeconds of the ReplicaSet in charge up to date; it may be one that was rolled back to. */
    private void takeCharge(ReplicaSet set) {
        long next = Revisions.next(old);
        Map<String, String> present = Revisions.annotations(set);
        Map<String, String> annotations = Revisions.inCharge(deployment, present, next);
        int minReady = Sizes.orZero(deployment.getSpec().getMinReadySeconds());
        if (!annotations.equals(present)
                || minReady != Sizes.orZero(set.getSpec().getMinReadySeconds())) {
            replace(
                    set,
                    new ReplicaSetBuilder(set)
                            .editMetadata()
                            .withAnnotations(annotations)
                            .endMetadata()
                            .editSpec()
                            .withMinReadySeconds(minReady)
                            .endSpec()
                            .build());
        }
        conditions = progress.found(conditions, set);
        revision = Math.max(next, Revisions.of(set));
    }

    private void resize(List<Resize> resizes) {
        for (Resize resize : resizes) {
            ReplicaSet set = isInCharge(resize.set()) ? inCharge.orElseThrow() : resize.set();
            Map<String, String> annotations = Revisions.sized(deployment, Revisions.annotations(set));
            if (resize.size() != Sizes.wanted(set) || !annotations.equals(Revisions.annotations(set))) {
                replace(
                        set,
                        new ReplicaSetBuilder(set)
                                .editMetadata()
                                .withAnnotations(annotations)
                                .endMetadata()
                                .editSpec()
                                .withReplicas(resize.size())
                                .endSpec()
                                .build());
            }
        }
    }

    /** One write per ReplicaSet, even if annotations and size change. */
    private void replace(ReplicaSet before, ReplicaSet after) {
        String name = before.getMetadata().getName();
        int from = Sizes.wanted(before);
        for (Step step : steps) {
            if (step instanceof Step.Replace earlier
                    && name.equals(earlier.set().getMetadata().getName())) {
                from = earlier.from();
            }
        }
        steps.removeIf(step -> name.equals(step.set().getMetadata().getName()));
        steps.add(new Step.Replace(after, from));
        if (isInCharge(before)) {
            inCharge = Optional.of(after);
        }
    }

    /** Forgets the oldest versions beyond the history limit, those without Pods only. */
    private void cleanUp() {
        Integer limit = deployment.getSpec().getRevisionHistoryLimit();
        if (limit == null || limit == Integer.MAX_VALUE) {
            return;
        }
        List<ReplicaSet> kept = old.stream()
                .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.<ReplicaSet>comparingLong(Revisions::of).thenComparing(RollingUpdate.OLDEST_FIRST))
                .toList();
        kept.stream()
                .limit(Math.max(0, kept.size() - limit))
                .filter(Rollout::isIdle)
                .forEach(set -> steps.add(new Step.Delete(set)));
    }

    private static boolean isIdle(ReplicaSet set) {
        Long observed = set.getStatus() == null ? null : set.getStatus().getObservedGeneration();
        return Sizes.wanted(set) == 0
                && Sizes.actual(set) == 0
                && observed != null
                && observed >= set.getMetadata().getGeneration();
    }

    /** @param rolling whether progress is judged; a change of size or a paused Deployment is no rollout */
    private Plan withStatus(boolean rolling) {
        DeploymentStatus counts = Counts.of(deployment, inCharge, old);
        conditions = Counts.availability(conditions, deployment, counts, now);
        if (rolling) {
            conditions = progress.judged(conditions, counts, inCharge);
            conditions = Counts.replicaFailure(conditions, inCharge, old, now);
        }
        DeploymentStatus status = counts.edit().withConditions(conditions.all()).build();
        return new Plan(steps, revision, status, progress.again(conditions, counts));
    }
}
