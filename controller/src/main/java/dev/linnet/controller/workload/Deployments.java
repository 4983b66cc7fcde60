package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.DeploymentStatuses;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.PrimaryDeployment;
import dev.linnet.manifests.flagger.ReleaseServices;
import dev.linnet.manifests.flagger.Revisions;
import dev.linnet.manifests.flagger.SelectorLabel;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Version;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The target and its primary, where both are Deployments. */
public final class Deployments implements Workload {
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

    private Deployment target() throws Unusable {
        return live(names().target())
                .orElseThrow(() -> new Unusable("deployment " + names().targetInNamespace()
                        + " get query error: deployments.apps \"" + names().target() + "\" not found"));
    }

    private Optional<Deployment> primary() {
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
    private SelectorLabel label(Deployment target) throws Unusable {
        return SelectorLabel.of(target.getSpec().getSelector(), settings.selectorLabels())
                .orElseThrow(() -> new Unusable("getSelectorLabel failed: deployment "
                        + names().targetInNamespace() + " spec.selector.matchLabels must contain one of ["
                        + String.join(" ", settings.selectorLabels()) + "]"));
    }

    @Override
    public Found find() throws Unusable {
        Deployment target = target();
        label(target);
        Version version = version(target);
        return new Found(version, List.copyOf(version.configs().keySet()));
    }

    private Version version(Deployment target) throws Unusable {
        return new Version(
                Revisions.of(target.getSpec().getTemplate()),
                configs.checksums(target.getSpec().getTemplate().getSpec()));
    }

    @Override
    public List<String> images() {
        return live(names().target()).stream()
                .flatMap(target -> target.getSpec().getTemplate().getSpec().getContainers().stream())
                .map(Container::getImage)
                .toList();
    }

    @Override
    public boolean isLikePrimary() throws Unusable {
        Deployment target = target();
        Optional<Deployment> primary = primary();
        return primary.isPresent()
                && copier(target, configs.keys(target.getSpec().getTemplate().getSpec()))
                        .isRunBy(primary.get());
    }

    @Override
    public Readiness readiness(Side side, Instant waitedSince, Instant now) throws Unusable {
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

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        Optional<Deployment> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copierOfCopied(target()).create(owner, id()));
            return;
        }
        Optional<String> other = Ownership.otherCanary(owner, primary.get());
        if (other.isPresent()) {
            throw new Unusable("deployment " + names().primaryInNamespace() + " belongs to canary " + other.get()
                    + " (expected: one canary for each target)");
        }
    }

    @Override
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

    @Override
    public void scaleDown() throws Unusable, Changed {
        scale(target(), 0);
    }

    @Override
    public void scaleUp(Optional<Integer> scalersMinimum) throws Unusable, Changed {
        Deployment target = target();
        if (replicas(target) == 0) {
            int wanted = plan.scaler().isPresent()
                    ? Math.max(1, scalersMinimum.orElse(1))
                    : Math.max(1, primary().map(Deployments::replicas).orElse(1));
            scale(target, wanted);
        }
    }

    @Override
    public void takeOver() throws Changed {
        Optional<Deployment> target = live(names().target());
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
            Writes.patch(client, target, patch);
        }
    }

    private static int replicas(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    @Override
    public void ensureServices() throws Unusable, Changed {
        services(target()).ensure();
    }

    @Override
    public void pointService(Side side) throws Unusable, Changed {
        services(target()).point(side);
    }

    /** A target that is gone leaves nothing to give back. */
    @Override
    public void revertService() throws Unusable, Changed {
        Optional<Deployment> target = live(names().target());
        if (target.isPresent()) {
            services(target.get()).revert();
        }
    }

    private Services services(Deployment target) throws Unusable {
        return new Services(
                client,
                new ReleaseServices(
                        names(),
                        plan.service(),
                        label(target),
                        target.getSpec().getTemplate().getSpec(),
                        owner));
    }

    @Override
    public List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>();
        primary().ifPresent(objects::add);
        try {
            Deployment target = target();
            objects.add(target);
            objects.addAll(services(target).all());
            objects.addAll(configs.copies(target.getSpec().getTemplate().getSpec()));
        } catch (Unusable _) {
            // There is no more of it, then.
        }
        return objects;
    }
}
