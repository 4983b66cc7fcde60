package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.route.Routes;
import dev.linnet.controller.workload.Scaler;
import dev.linnet.controller.workload.Workload;
import dev.linnet.manifests.flagger.CanaryPlan;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The objects of one release, as the API server has them.
 *
 * @param canary   as it was when this turn began
 * @param workload target and primary
 * @param scaler   where the Canary names one
 * @param runs     what is remembered of its releases
 */
record World(
        KubernetesClient client,
        Canary canary,
        CanaryPlan plan,
        Workload workload,
        Optional<Scaler> scaler,
        Routes routes,
        Runs runs) {}
