package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.DeploymentStatuses;
import dev.linnet.manifests.flagger.PrimaryCopy;
import dev.linnet.manifests.flagger.PrimaryDeployment;
import dev.linnet.manifests.flagger.SelectorLabel;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target and its primary, where both are Deployments. */
public final class Deployments extends Templated<Deployment> {

    /**
     * What is the same for all Canaries.
     *
     * @param selectorLabels labels that tell a target's Pods from its primary's, in order of preference
     * @param labelPrefixes  prefixes of labels and annotations that primaries carry too
     * @param tracksConfigs  whether ConfigMaps and Secrets belong to a version
     */
    public record Settings(List<String> selectorLabels, List<String> labelPrefixes, boolean tracksConfigs) {
        public Settings {
            selectorLabels = List.copyOf(selectorLabels);
            labelPrefixes = List.copyOf(labelPrefixes);
        }
    }

    public Deployments(KubernetesClient client, CanaryPlan plan, OwnerReference owner, Settings settings) {
        super(client, plan, owner, settings, Deployment.class);
    }

    @Override
    @Nullable
    Deployment get(String namespace, String name) {
        return client().apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    @Override
    void check(Deployment target) {
        // Each can be released.
    }

    @Override
    LabelSelector selector(Deployment target) {
        return target.getSpec().getSelector();
    }

    @Override
    PodTemplateSpec template(Deployment target) {
        return target.getSpec().getTemplate();
    }

    @Override
    PodTemplateSpec written(Deployment target) {
        return template(target);
    }

    @Override
    PrimaryCopy<Deployment> copy(
            Deployment target, SelectorLabel label, List<String> labelPrefixes, Set<String> copied) {
        return new PrimaryDeployment(
                target, label, labelPrefixes, copied, plan().scaler().isPresent());
    }

    @Override
    Readiness readiness(Deployment workload, Side side, Instant waitedSince, Demand demand) {
        return DeploymentStatuses.of(workload).readiness(side, names(), demand);
    }

    @Override
    public void scaleDown() throws Unusable, Changed {
        scale(target(), 0);
    }

    @Override
    public void scaleUp(Optional<Integer> scalersMinimum) throws Unusable, Changed {
        Deployment target = target();
        if (replicas(target) == 0) {
            int wanted = plan().scaler().isPresent()
                    ? Math.max(1, scalersMinimum.orElse(1))
                    : Math.max(1, primary().map(Deployments::replicas).orElse(1));
            scale(target, wanted);
        }
    }

    @Override
    public void takeOver() throws Changed {
        Optional<Deployment> target = targetIfAny();
        if (target.isPresent()) {
            int now = replicas(target.get());
            int wanted = Math.max(1, primary().map(Deployments::replicas).orElse(now));
            scale(target.get(), Math.max(now, wanted));
        }
    }

    private void scale(Deployment target, int replicas) throws Changed {
        if (replicas(target) != replicas) {
            var patch = Writes.nothing();
            patch.putObject("spec").put("replicas", replicas);
            Writes.patch(client(), target, patch);
        }
    }

    private static int replicas(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }
}
