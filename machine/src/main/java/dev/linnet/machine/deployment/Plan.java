package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.util.List;

/**
 * What to do for a Deployment now.
 *
 * @param steps    in this order
 * @param revision what the Deployment's revision annotation should say; 0 leaves it
 * @param status   the Deployment's whole status once the steps are done
 * @param again    when to plan again even if nothing changes, or {@code NOT_AGAIN}
 */
record Plan(List<Step> steps, long revision, DeploymentStatus status, Duration again) {
    Plan {
        steps = List.copyOf(steps);
    }
}
