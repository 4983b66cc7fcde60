package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.DaemonSetStatuses;
import dev.linnet.manifests.flagger.PrimaryCopy;
import dev.linnet.manifests.flagger.PrimaryDaemonSet;
import dev.linnet.manifests.flagger.SelectorLabel;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target and its primary, where both are DaemonSets. A target that is to have no Pods gets a node selector that no node has. */
public final class DaemonSets extends Templated<DaemonSet> {
    private static final String ROLLING = "RollingUpdate";

    public DaemonSets(KubernetesClient client, CanaryPlan plan, OwnerReference owner, Deployments.Settings settings) {
        super(client, plan, owner, settings, DaemonSet.class);
    }

    @Override
    @Nullable
    DaemonSet get(String namespace, String name) {
        return client().apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    @Override
    void check(DaemonSet target) throws Unusable {
        String strategy = strategy(target);
        if (!strategy.isEmpty() && !strategy.equals(ROLLING)) {
            throw new Unusable("daemonset " + names().targetInNamespace()
                    + " must have RollingUpdate strategy but have " + strategy);
        }
    }

    private static String strategy(DaemonSet target) {
        return Optional.ofNullable(target.getSpec().getUpdateStrategy())
                .map(update -> update.getType())
                .orElse("");
    }

    @Override
    LabelSelector selector(DaemonSet target) {
        return target.getSpec().getSelector();
    }

    @Override
    PodTemplateSpec template(DaemonSet target) {
        return target.getSpec().getTemplate();
    }

    @Override
    PodTemplateSpec written(DaemonSet target) {
        return PrimaryDaemonSet.unparked(template(target));
    }

    @Override
    PrimaryCopy<DaemonSet> copy(DaemonSet target, SelectorLabel label, List<String> labelPrefixes, Set<String> copied) {
        return new PrimaryDaemonSet(target, label, labelPrefixes, copied);
    }

    @Override
    Readiness readiness(DaemonSet workload, Side side, Instant waitedSince, Demand demand) {
        return DaemonSetStatuses.of(workload, waitedSince).readiness(side, names(), demand);
    }

    @Override
    public void scaleDown() throws Unusable, Changed {
        park(target(), true);
    }

    @Override
    public void scaleUp(Optional<Integer> scalersMinimum) throws Unusable, Changed {
        park(target(), false);
    }

    @Override
    public void takeOver() throws Changed {
        Optional<DaemonSet> target = targetIfAny();
        if (target.isPresent()) {
            park(target.get(), false);
        }
    }

    private void park(DaemonSet target, boolean parked) throws Changed {
        if (PrimaryDaemonSet.isParked(template(target)) == parked) {
            return;
        }
        var patch = Writes.nothing();
        var nodes = patch.withObject("/spec/template/spec/nodeSelector");
        if (parked) {
            nodes.put(PrimaryDaemonSet.PARKED, "true");
        } else {
            nodes.putNull(PrimaryDaemonSet.PARKED);
        }
        Writes.patch(client(), target, patch);
    }
}
