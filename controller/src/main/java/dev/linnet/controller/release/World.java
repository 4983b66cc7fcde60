package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.route.Routes;
import dev.linnet.controller.workload.Deployments;
import dev.linnet.controller.workload.Scalers;
import dev.linnet.controller.workload.Services;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.ReleaseServices;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * The objects of one release, as the API server has them.
 *
 * @param canary      as it was when this turn began
 * @param deployments target and primary
 * @param scalers     where the Canary names one
 */
record World(
        KubernetesClient client,
        Canary canary,
        CanaryPlan plan,
        OwnerReference owner,
        Deployments deployments,
        Optional<Scalers> scalers,
        Routes routes) {

    /** What the target's containers run, for people; nothing where there is no target. */
    List<String> images() {
        try {
            return deployments.target().getSpec().getTemplate().getSpec().getContainers().stream()
                    .map(Container::getImage)
                    .toList();
        } catch (Unusable e) {
            return List.of();
        }
    }

    /** Its Services, which select as the target does. */
    Services services() throws Unusable {
        Deployment target = deployments.target();
        return new Services(
                client,
                new ReleaseServices(
                        plan.release().names(),
                        plan.service(),
                        deployments.label(target),
                        target.getSpec().getTemplate().getSpec(),
                        owner));
    }
}
