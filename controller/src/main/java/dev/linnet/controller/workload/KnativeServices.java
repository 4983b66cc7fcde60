package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.KnativeService;
import dev.linnet.manifests.flagger.RevisionStatuses;
import dev.linnet.manifests.flagger.Revisions;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.evidence.WorkloadStatus.OfRevision;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Version;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A target that is a Knative Service: each change of it is a revision of its own, and the primary is the revision that an annotation names. So
 * nothing is copied or made, and Knative scales.
 */
public final class KnativeServices implements Workload {
    private final KubernetesClient client;
    private final CanaryPlan plan;
    private final KnativeObjects objects;
    private final Life life;

    /** Where the life of its Canary stands. */
    public enum Life {
        /** It is new: what an earlier one has left behind says nothing. */
        BEGINS,
        GOES_ON,
        /** It is being deleted: requests stay with what has them. */
        ENDS
    }

    public KnativeServices(KubernetesClient client, CanaryPlan plan, Life life) {
        this.client = client;
        this.plan = plan;
        this.objects = new KnativeObjects(client, names(plan));
        this.life = life;
    }

    private static Names names(CanaryPlan plan) {
        return plan.release().names();
    }

    @Override
    public Found find() throws Unusable {
        return new Found(version(newest(objects.target())), List.of());
    }

    private static Version version(String revision) {
        return new Version(Revisions.of(revision), Map.of());
    }

    private String newest(KnativeService target) throws Unusable {
        return target.newest()
                .orElseThrow(() -> new Unusable("Knative Service " + names(plan).targetInNamespace()
                        + " has no revision yet (expected: status.latestCreatedRevisionName)"));
    }

    @Override
    public List<String> images() {
        return objects.service().map(KnativeService::images).orElse(List.of());
    }

    @Override
    public boolean isLikePrimary() throws Unusable {
        KnativeService target = objects.target();
        return target.primary().filter(newest(target)::equals).isPresent();
    }

    @Override
    public Readiness readiness(Side side, Instant waitedSince, Instant now) throws Unusable {
        if (life == Life.ENDS) {
            return new Readiness.Ready();
        }
        KnativeService target = objects.target();
        String revision = side == Side.CANARY
                ? newest(target)
                : target.primary()
                        .orElseThrow(() -> new Unusable("Knative Service "
                                + names(plan).targetInNamespace() + " primary revision annotation not found"));
        Demand demand = new Demand(
                side == Side.CANARY
                        ? plan.readiness().canary()
                        : plan.readiness().primary(),
                plan.release().options().progressDeadline(),
                now);
        return status(revision, waitedSince).readiness(side, names(plan), demand);
    }

    private OfRevision status(String name, Instant waitedSince) {
        return objects.revision(name)
                .map(revision -> RevisionStatuses.of(revision, waitedSince))
                .orElseGet(() -> new OfRevision(name, false, "it does not exist", waitedSince));
    }

    /** Of a new Canary the newest revision; later, where somebody has taken the annotation away, the one that has the requests by its name. */
    @Override
    public void ensurePrimary() throws Unusable, Changed {
        KnativeService target = objects.target();
        String newest = newest(target);
        if (life == Life.BEGINS) {
            mark(target, newest);
        } else if (target.primary().isEmpty()) {
            mark(target, target.pinned().orElse(newest));
        }
    }

    @Override
    public void copyToPrimary(Version tried) throws Unusable, Changed {
        KnativeService target = objects.target();
        String newest = newest(target);
        if (!version(newest).equals(tried)) {
            throw new Changed("Knative Service " + names(plan).targetInNamespace() + " was changed");
        }
        mark(target, newest);
    }

    private void mark(KnativeService target, String primary) throws Changed {
        if (target.primary().filter(primary::equals).isEmpty()) {
            Writes.patch(client, target.object(), KnativeService.withPrimary(primary));
        }
    }

    @Override
    public CanaryPlan measured(CanaryPlan asked) {
        return objects.service()
                .flatMap(KnativeService::newest)
                .map(asked::measuring)
                .orElse(asked);
    }

    @Override
    public void scaleDown() {
        // Knative does, once nobody calls the revision.
    }

    @Override
    public void scaleUp(Optional<Integer> scalersMinimum) {
        // Knative has done so: it is how a revision becomes ready.
    }

    @Override
    public void takeOver() {
        // It has its Pods.
    }

    @Override
    public void ensureServices() {
        // Knative leads to its revisions.
    }

    @Override
    public void pointService(Side side) {
        // Its traffic does that.
    }

    @Override
    public void revertService() {
        // It was never changed.
    }

    @Override
    public List<HasMetadata> objects() {
        return objects.service()
                .map(target -> List.<HasMetadata>of(target.object()))
                .orElse(List.of());
    }
}
