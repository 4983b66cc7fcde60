package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.DaemonSetStatuses;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.PrimaryDaemonSet;
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
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The target and its primary, where both are DaemonSets. A target that is to have no Pods gets a node selector that no node has. */
public final class DaemonSets implements Workload {
    private static final String ROLLING = "RollingUpdate";

    private final KubernetesClient client;
    private final CanaryPlan plan;
    private final OwnerReference owner;
    private final Deployments.Settings settings;
    private final Configs configs;

    public DaemonSets(KubernetesClient client, CanaryPlan plan, OwnerReference owner, Deployments.Settings settings) {
        this.client = client;
        this.plan = plan;
        this.owner = owner;
        this.settings = settings;
        this.configs = new Configs(client, plan.release().names().namespace(), owner, settings);
    }

    private Names names() {
        return plan.release().names();
    }

    private DaemonSet target() throws Unusable {
        DaemonSet target = live(names().target())
                .orElseThrow(() -> new Unusable("daemonset " + names().targetInNamespace()
                        + " get query error: daemonsets.apps \"" + names().target() + "\" not found"));
        String strategy = strategy(target);
        if (!strategy.isEmpty() && !strategy.equals(ROLLING)) {
            throw new Unusable("daemonset " + names().targetInNamespace()
                    + " must have RollingUpdate strategy but have " + strategy);
        }
        return target;
    }

    private static String strategy(DaemonSet target) {
        return Optional.ofNullable(target.getSpec().getUpdateStrategy())
                .map(update -> update.getType())
                .orElse("");
    }

    private Optional<DaemonSet> primary() {
        return live(names().target() + "-primary");
    }

    private Optional<DaemonSet> live(String name) {
        return Optional.ofNullable(client.apps()
                .daemonSets()
                .inNamespace(names().namespace())
                .withName(name)
                .get());
    }

    private SelectorLabel label(DaemonSet target) throws Unusable {
        return SelectorLabel.of(target.getSpec().getSelector(), settings.selectorLabels())
                .orElseThrow(() -> new Unusable("getSelectorLabel failed: daemonset "
                        + names().targetInNamespace() + " spec.selector.matchLabels must contain one of ["
                        + String.join(" ", settings.selectorLabels()) + "]"));
    }

    @Override
    public Found find() throws Unusable {
        DaemonSet target = target();
        label(target);
        Version version = version(target);
        return new Found(version, List.copyOf(version.configs().keySet()));
    }

    private Version version(DaemonSet target) throws Unusable {
        return new Version(
                Revisions.of(PrimaryDaemonSet.unparked(target.getSpec().getTemplate())),
                configs.checksums(pods(target)));
    }

    private static PodSpec pods(DaemonSet daemonSet) {
        return daemonSet.getSpec().getTemplate().getSpec();
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
        DaemonSet target = target();
        Optional<DaemonSet> primary = primary();
        return primary.isPresent() && copier(target, configs.keys(pods(target))).isRunBy(primary.get());
    }

    @Override
    public Readiness readiness(Side side, Instant waitedSince, Instant now) throws Unusable {
        boolean ofPrimary = side == Side.PRIMARY;
        DaemonSet daemonSet = ofPrimary ? primary().orElseThrow(this::noPrimary) : target();
        int threshold =
                ofPrimary ? plan.readiness().primary() : plan.readiness().canary();
        Demand demand = new Demand(threshold, plan.release().options().progressDeadline(), now);
        return DaemonSetStatuses.of(daemonSet, waitedSince).readiness(side, names(), demand);
    }

    private Unusable noPrimary() {
        return new Unusable("daemonset " + names().primaryInNamespace() + " get query error: daemonsets.apps \""
                + names().target() + "-primary\" not found");
    }

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        Optional<DaemonSet> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copierOfCopied(target()).create(owner, id()));
            return;
        }
        Optional<String> other = Ownership.otherCanary(owner, primary.get());
        if (other.isPresent()) {
            throw new Unusable("daemonset " + names().primaryInNamespace() + " belongs to canary " + other.get()
                    + " (expected: one canary for each target)");
        }
    }

    @Override
    public void copyToPrimary(Version tried) throws Unusable, Changed {
        DaemonSet target = target();
        if (!version(target).equals(tried)) {
            throw new Changed("daemonset " + names().targetInNamespace() + " was changed");
        }
        PrimaryDaemonSet copier = copierOfCopied(target);
        Optional<DaemonSet> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copier.create(owner, id()));
        } else if (!copier.isRunBy(primary.get())) {
            Writes.replace(client, copier.promote(primary.get(), id()));
        }
    }

    /** Once the configs that it reads have their copies. */
    private PrimaryDaemonSet copierOfCopied(DaemonSet target) throws Unusable, Changed {
        return copier(target, configs.copy(pods(target)));
    }

    private PrimaryDaemonSet copier(DaemonSet target, Set<String> copied) throws Unusable {
        return new PrimaryDaemonSet(target, label(target), settings.labelPrefixes(), copied);
    }

    private static String id() {
        return UUID.randomUUID().toString();
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
        Optional<DaemonSet> target = live(names().target());
        if (target.isPresent()) {
            park(target.get(), false);
        }
    }

    private void park(DaemonSet target, boolean parked) throws Changed {
        if (PrimaryDaemonSet.isParked(target.getSpec().getTemplate()) == parked) {
            return;
        }
        var patch = Writes.nothing();
        var nodes = patch.withObject("/spec/template/spec/nodeSelector");
        if (parked) {
            nodes.put(PrimaryDaemonSet.PARKED, "true");
        } else {
            nodes.putNull(PrimaryDaemonSet.PARKED);
        }
        Writes.patch(client, target, patch);
    }

    @Override
    public void ensureServices() throws Unusable, Changed {
        services(target()).ensure();
    }

    @Override
    public void pointService(Side side) throws Unusable, Changed {
        services(target()).point(side);
    }

    @Override
    public void revertService() throws Unusable, Changed {
        Optional<DaemonSet> target = live(names().target());
        if (target.isPresent()) {
            services(target.get()).revert();
        }
    }

    private Services services(DaemonSet target) throws Unusable {
        return new Services(client, new ReleaseServices(names(), plan.service(), label(target), pods(target), owner));
    }

    @Override
    public List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>();
        primary().ifPresent(objects::add);
        try {
            DaemonSet target = target();
            objects.add(target);
            objects.addAll(services(target).all());
            objects.addAll(configs.copies(pods(target)));
        } catch (Unusable _) {
            // There is no more of it, then.
        }
        return objects;
    }
}
