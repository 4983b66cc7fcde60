package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.DeploymentStatuses;
import dev.linnet.manifests.flagger.PrimaryDeployment;
import dev.linnet.manifests.flagger.Revisions;
import dev.linnet.manifests.flagger.SelectorLabel;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Version;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The target and its primary, where both are Deployments. */
public final class Deployments {
    private final KubernetesClient client;
    private final CanaryPlan plan;
    private final OwnerReference owner;
    private final Settings settings;
    private final Configs configs;

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
        this.client = client;
        this.plan = plan;
        this.owner = owner;
        this.settings = settings;
        this.configs = new Configs(client, plan.release().names().namespace(), owner, settings);
    }

    private Names names() {
        return plan.release().names();
    }

    /** The target. */
    public Deployment target() throws Unusable {
        return live(names().target())
                .orElseThrow(() -> new Unusable("deployment " + names().targetInNamespace()
                        + " get query error: deployments.apps \"" + names().target() + "\" not found"));
    }

    public Optional<Deployment> primary() {
        return live(names().target() + "-primary");
    }

    private Optional<Deployment> live(String name) {
        return Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(names().namespace())
                .withName(name)
                .get());
    }

    /** The label by which the target selects. */
    public SelectorLabel label(Deployment target) throws Unusable {
        return SelectorLabel.of(target.getSpec().getSelector(), settings.selectorLabels())
                .orElseThrow(() -> new Unusable("getSelectorLabel failed: deployment "
                        + names().targetInNamespace() + " spec.selector.matchLabels must contain one of ["
                        + String.join(" ", settings.selectorLabels()) + "]"));
    }

    /** What the target runs. */
    public Version version(Deployment target) throws Unusable {
        return new Version(
                Revisions.of(target.getSpec().getTemplate()),
                configs.checksums(target.getSpec().getTemplate().getSpec()));
    }

    /** Whether the primary has the target's template. */
    public boolean isLikePrimary(Deployment target) throws Unusable {
        Optional<Deployment> primary = primary();
        return primary.isPresent()
                && copier(target, configs.keys(target.getSpec().getTemplate().getSpec()))
                        .isRunBy(primary.get());
    }

    public Readiness readiness(Side side, Instant now) throws Unusable {
        boolean ofPrimary = side == Side.PRIMARY;
        Deployment deployment = ofPrimary ? primary().orElseThrow(this::noPrimary) : target();
        int threshold =
                ofPrimary ? plan.readiness().primary() : plan.readiness().canary();
        Demand demand = new Demand(threshold, plan.release().options().progressDeadline(), now);
        return DeploymentStatuses.of(deployment).readiness(side, names(), demand);
    }

    private Unusable noPrimary() {
        return new Unusable("deployment " + names().primaryInNamespace() + " get query error: deployments.apps \""
                + names().target() + "-primary\" not found");
    }

    /** Makes the primary of the target, if it is missing. */
    public void ensurePrimary() throws Unusable, Changed {
        if (primary().isPresent()) {
            return;
        }
        Deployment target = target();
        Writes.create(client, copierOfCopied(target).create(owner, id()));
    }

    /**
     * Gives the primary what the target runs.
     *
     * @param tried the version that was tried out
     * @throws Changed if the target runs another one by now
     */
    public void copyToPrimary(Version tried) throws Unusable, Changed {
        Deployment target = target();
        if (!version(target).equals(tried)) {
            throw new Changed("deployment " + names().targetInNamespace() + " was changed");
        }
        PrimaryDeployment copier = copierOfCopied(target);
        Optional<Deployment> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copier.create(owner, id()));
        } else if (!copier.isRunBy(primary.get())) {
            Writes.replace(client, copier.promote(primary.get(), plan.scaler().isPresent(), id()));
        }
    }

    /** Once the configs that it reads have their copies. */
    private PrimaryDeployment copierOfCopied(Deployment target) throws Unusable, Changed {
        return copier(target, configs.copy(target.getSpec().getTemplate().getSpec()));
    }

    private PrimaryDeployment copier(Deployment target, Set<String> copied) throws Unusable {
        return new PrimaryDeployment(target, label(target), settings.labelPrefixes(), copied);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    /** Scales the target to zero, if it is not. */
    public void scaleDown() throws Unusable, Changed {
        scale(target(), 0);
    }

    /** Scales the target up from zero, if it is at zero. */
    public void scaleUp(Optional<Integer> scalersMinimum) throws Unusable, Changed {
        Deployment target = target();
        if (replicas(target) == 0) {
            int wanted = plan.scaler().isPresent()
                    ? Math.max(1, scalersMinimum.orElse(1))
                    : Math.max(1, primary().map(Deployments::replicas).orElse(1));
            scale(target, wanted);
        }
    }

    /** Gives the target as many replicas as the primary has. */
    public void takeOver() throws Unusable, Changed {
        Deployment target = target();
        int wanted = Math.max(1, primary().map(Deployments::replicas).orElse(replicas(target)));
        if (replicas(target) < wanted) {
            scale(target, wanted);
        }
    }

    private void scale(Deployment target, int replicas) throws Changed {
        if (replicas(target) != replicas) {
            var patch = Writes.nothing();
            patch.putObject("spec").put("replicas", replicas);
            Writes.patch(client, target, patch);
        }
    }

    private static int replicas(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }
}
