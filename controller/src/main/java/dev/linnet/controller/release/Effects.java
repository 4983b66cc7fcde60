package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Scalers;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.rollout.step.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Does what a step says. Each effect may be done again without harm. */
final class Effects {
    private static final String FINALIZER = "finalizer.flagger.app";

    private final World world;

    Effects(World world) {
        this.world = world;
    }

    void apply(Effect effect) throws Unusable, Changed {
        switch (effect) {
            case Effect.Ensure ensure -> ensure(ensure.part());
            case Effect.PointService point -> world.services().point(point.side());
            case Effect.SyncPrimaryScaler _ -> syncScaler();
            case Effect.ScaleUp _ -> world.deployments().scaleUp(scalersMinimum());
            case Effect.ScaleDown _ -> world.deployments().scaleDown();
            case Effect.Route route -> world.routes().route(route.traffic());
            case Effect.CopyToPrimary copy -> world.deployments().copyToPrimary(copy.version());
            case Effect.RevertTarget _ -> world.deployments().takeOver();
            case Effect.RevertService _ -> world.services().revert();
            case Effect.RevertRoutes _ -> world.routes().revert();
            case Effect.RemoveFinalizer _ -> finalizer(false);
            // A HorizontalPodAutoscaler does nothing while its target has no Pods.
            case Effect.ResumeScaler _, Effect.PauseScaler _ -> {}
        }
    }

    private void ensure(Effect.Part part) throws Unusable, Changed {
        switch (part) {
            case SERVICES -> world.services().ensure();
            case PRIMARY -> world.deployments().ensurePrimary();
            case PRIMARY_SCALER -> ensureScaler();
            case ROUTES -> world.routes().ensure();
            case FINALIZER -> finalizer(world.plan().release().options().revertOnDeletion());
        }
    }

    private void ensureScaler() throws Unusable, Changed {
        Optional<Scalers> scalers = world.scalers();
        if (scalers.isPresent()) {
            scalers.get().ensurePrimary();
        }
    }

    private void syncScaler() throws Unusable, Changed {
        Optional<Scalers> scalers = world.scalers();
        if (scalers.isPresent()) {
            scalers.get().syncPrimary();
        }
    }

    private Optional<Integer> scalersMinimum() throws Unusable {
        Optional<Scalers> scalers = world.scalers();
        return scalers.isPresent() ? scalers.get().minimum() : Optional.empty();
    }

    private void finalizer(boolean wanted) throws Changed {
        List<String> now =
                Objects.requireNonNullElse(world.canary().getMetadata().getFinalizers(), List.<String>of());
        if (now.contains(FINALIZER) == wanted) {
            return;
        }
        List<String> then = new ArrayList<>(now);
        if (wanted) {
            then.add(FINALIZER);
        } else {
            then.remove(FINALIZER);
        }
        var patch = Writes.nothing();
        ArrayNode finalizers = patch.putObject("metadata").putArray("finalizers");
        then.forEach(finalizers::add);
        Writes.patch(world.client(), world.canary(), patch);
    }
}
