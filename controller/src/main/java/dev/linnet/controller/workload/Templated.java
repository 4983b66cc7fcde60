package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.PrimaryCopy;
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
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A target and its primary, where both run Pods by a template; what differs from kind to kind is below. */
abstract sealed class Templated<T extends HasMetadata> implements Workload permits Deployments, DaemonSets {
    private final KubernetesClient client;
    private final CanaryPlan plan;
    private final OwnerReference owner;
    private final Deployments.Settings settings;
    private final Configs configs;
    private final Class<T> type;

    /** In messages: {@code deployment}, whose plural is {@code deployments.apps}. */
    private final String kind;

    Templated(
            KubernetesClient client,
            CanaryPlan plan,
            OwnerReference owner,
            Deployments.Settings settings,
            Class<T> type) {
        this.client = client;
        this.plan = plan;
        this.owner = owner;
        this.settings = settings;
        this.configs = new Configs(client, plan.release().names().namespace(), owner, settings);
        this.type = type;
        this.kind = type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** As the API server has it; null if it has none. */
    abstract @Nullable T get(String namespace, String name);

    /** @throws Unusable if it cannot be released as it is */
    abstract void check(T target) throws Unusable;

    abstract LabelSelector selector(T target);

    /** As it is, with what marks one without Pods. */
    abstract PodTemplateSpec template(T target);

    /** As its author wrote it. */
    abstract PodTemplateSpec written(T target);

    /** @param copied see {@link dev.linnet.manifests.flagger.ConfigRef#key} */
    abstract PrimaryCopy<T> copy(T target, SelectorLabel label, List<String> labelPrefixes, Set<String> copied);

    abstract Readiness readiness(T workload, Side side, Instant waitedSince, Demand demand);

    final KubernetesClient client() {
        return client;
    }

    final CanaryPlan plan() {
        return plan;
    }

    final Names names() {
        return plan.release().names();
    }

    final T target() throws Unusable {
        T target = targetIfAny().orElseThrow(() -> notFound(names().targetInNamespace(), names().target()));
        check(target);
        return target;
    }

    final Optional<T> targetIfAny() {
        return live(names().target());
    }

    final Optional<T> primary() {
        return live(primaryName());
    }

    private String primaryName() {
        return names().target() + "-primary";
    }

    private Optional<T> live(String name) {
        return Seen.or(type, name, () -> Optional.ofNullable(get(names().namespace(), name)));
    }

    private Unusable notFound(String where, String name) {
        return new Unusable(kind + " " + where + " get query error: " + kind + "s.apps \"" + name + "\" not found");
    }

    /** The label by which the target selects. */
    private SelectorLabel label(T target) throws Unusable {
        return SelectorLabel.of(selector(target), settings.selectorLabels())
                .orElseThrow(() -> new Unusable("getSelectorLabel failed: " + kind + " "
                        + names().targetInNamespace() + " spec.selector.matchLabels must contain one of ["
                        + String.join(" ", settings.selectorLabels()) + "]"));
    }

    @Override
    public Found find() throws Unusable {
        T target = target();
        label(target);
        Version version = version(target);
        return new Found(version, List.copyOf(version.configs().keySet()));
    }

    private Version version(T target) throws Unusable {
        return new Version(Revisions.of(written(target)), configs.checksums(pods(target)));
    }

    private PodSpec pods(T target) {
        return template(target).getSpec();
    }

    @Override
    public List<String> images() {
        return targetIfAny().stream()
                .flatMap(target -> pods(target).getContainers().stream())
                .map(Container::getImage)
                .toList();
    }

    @Override
    public boolean isLikePrimary() throws Unusable {
        T target = target();
        Optional<T> primary = primary();
        return primary.isPresent() && copy(target, configs.keys(pods(target))).isRunBy(primary.get());
    }

    @Override
    public Readiness readiness(Side side, Instant waitedSince, Instant now) throws Unusable {
        boolean ofPrimary = side == Side.PRIMARY;
        T workload = ofPrimary
                ? primary().orElseThrow(() -> notFound(names().primaryInNamespace(), primaryName()))
                : target();
        int threshold =
                ofPrimary ? plan.readiness().primary() : plan.readiness().canary();
        Demand demand = new Demand(threshold, plan.release().options().progressDeadline(), now);
        return readiness(workload, side, waitedSince, demand);
    }

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        Optional<T> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copyWithConfigs(target()).create(owner, id()));
            return;
        }
        Optional<String> other = Ownership.otherCanary(owner, primary.get());
        if (other.isPresent()) {
            throw new Unusable(kind + " " + names().primaryInNamespace() + " belongs to canary " + other.get()
                    + " (expected: one canary for each target)");
        }
    }

    @Override
    public void copyToPrimary(Version tried) throws Unusable, Changed {
        T target = target();
        if (!version(target).equals(tried)) {
            throw new Changed(kind + " " + names().targetInNamespace() + " was changed");
        }
        PrimaryCopy<T> copy = copyWithConfigs(target);
        Optional<T> primary = primary();
        if (primary.isEmpty()) {
            Writes.create(client, copy.create(owner, id()));
        } else if (!copy.isRunBy(primary.get())) {
            Writes.replace(client, copy.promote(primary.get(), id()));
        }
    }

    /** Once the configs that it reads have their copies. */
    private PrimaryCopy<T> copyWithConfigs(T target) throws Unusable, Changed {
        return copy(target, configs.copy(pods(target)));
    }

    private PrimaryCopy<T> copy(T target, Set<String> copied) throws Unusable {
        return copy(target, label(target), settings.labelPrefixes(), copied);
    }

    private static String id() {
        return UUID.randomUUID().toString();
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
        Optional<T> target = targetIfAny();
        if (target.isPresent()) {
            services(target.get()).revert();
        }
    }

    private Services services(T target) throws Unusable {
        return new Services(client, new ReleaseServices(names(), plan.service(), label(target), pods(target), owner));
    }

    @Override
    public List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>();
        primary().ifPresent(objects::add);
        try {
            T target = target();
            objects.add(target);
            objects.addAll(services(target).all());
            objects.addAll(configs.copies(pods(target)));
        } catch (Unusable _) {
            // There is no more of it, then.
        }
        return objects;
    }
}
