package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.SpreadServices;
import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Version;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A target that is a Service: its Pods are somebody else's, so that nothing is scaled and everything is always ready. */
public final class CoreServices implements Workload {
    private final WantedServices services;
    private final Names names;
    private final OwnerReference owner;
    private final Deployments.Settings settings;

    public CoreServices(KubernetesClient client, CanaryPlan plan, OwnerReference owner, Deployments.Settings settings) {
        this.names = plan.release().names();
        this.services = new WantedServices(client, names.namespace());
        this.owner = owner;
        this.settings = settings;
    }

    private SpreadServices spread() throws Unusable {
        Service target = services.find(names.target())
                .orElseThrow(() -> new Unusable("service " + names.targetInNamespace() + " get query error: services \""
                        + names.target() + "\" not found"));
        return new SpreadServices(target, names, settings.labelPrefixes(), owner);
    }

    @Override
    public Found find() throws Unusable {
        return new Found(version(spread()), List.of());
    }

    private static Version version(SpreadServices spread) {
        return new Version(SpreadServices.revision(spread.target()), Map.of());
    }

    @Override
    public List<String> images() {
        return List.of();
    }

    @Override
    public boolean isLikePrimary() throws Unusable {
        SpreadServices spread = spread();
        return services.find(spread.primaryName()).filter(spread::isSaidBy).isPresent();
    }

    @Override
    public Readiness readiness(Side side, Instant waitedSince, Instant now) {
        return new Readiness.Ready();
    }

    @Override
    public void ensurePrimary() throws Unusable, Changed {
        SpreadServices spread = spread();
        if (services.find(spread.primaryName()).isEmpty()) {
            services.create(spread.create(spread.primaryName()));
        }
    }

    @Override
    public void copyToPrimary(Version tried) throws Unusable, Changed {
        SpreadServices spread = spread();
        if (!version(spread).equals(tried)) {
            throw new Changed("service " + names.targetInNamespace() + " was changed");
        }
        write(spread, spread.primaryName());
    }

    private void write(SpreadServices spread, String name) throws Changed {
        Optional<Service> live = services.find(name);
        if (live.isEmpty()) {
            services.create(spread.create(name));
        } else if (!spread.isSaidBy(live.get())) {
            services.write(spread.like(live.get()));
        }
    }

    @Override
    public void scaleDown() {
        // Its Pods are somebody else's.
    }

    @Override
    public void scaleUp(Optional<Integer> scalersMinimum) {
        // Its Pods are somebody else's.
    }

    @Override
    public void takeOver() {
        // Its Pods are somebody else's.
    }

    @Override
    public void ensureServices() throws Unusable, Changed {
        SpreadServices spread = spread();
        write(spread, spread.canaryName());
    }

    @Override
    public void pointService(Side side) {
        // The Service that callers use is the target, its author's.
    }

    @Override
    public void revertService() {
        // It was never changed.
    }

    @Override
    public List<HasMetadata> objects() {
        return Stream.of(names.service() + "-primary", names.service() + "-canary")
                .map(services::find)
                .flatMap(Optional::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }
}
