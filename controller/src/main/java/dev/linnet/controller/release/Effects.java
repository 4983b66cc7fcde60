package dev.linnet.controller.release;

import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Scaler;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Effect;
import java.util.Optional;

/** Does what a step says. Each effect may be done again without harm. */
final class Effects {
    private final World world;
    private final Cookies cookies;

    /** @param cookies of session affinity, as they are once all of it is done */
    Effects(World world, Cookies cookies) {
        this.world = world;
        this.cookies = cookies;
    }

    void apply(Effect effect) throws Unusable, Changed {
        switch (effect) {
            case Effect.Ensure ensure -> ensure(ensure.part());
            case Effect.PointService point -> world.workload().pointService(point.side());
            case Effect.ResumeScaler _ -> onScaler(Scaler::resume);
            case Effect.PauseScaler _ -> onScaler(Scaler::pause);
            case Effect.SyncPrimaryScaler _ -> onScaler(Scaler::syncPrimary);
            case Effect.ScaleUp _ -> world.workload().scaleUp(scalersMinimum());
            case Effect.ScaleDown _ -> world.workload().scaleDown();
            case Effect.Route route -> world.routes().route(route.traffic(), cookies);
            case Effect.CopyToPrimary copy -> world.workload().copyToPrimary(copy.version());
            case Effect.RevertTarget _ -> world.workload().takeOver();
            case Effect.RevertService _ -> world.workload().revertService();
            case Effect.RevertRoutes _ -> world.routes().revert();
            case Effect.RemoveFinalizer _ -> finalizer(false);
        }
    }

    private void ensure(Effect.Part part) throws Unusable, Changed {
        switch (part) {
            case SERVICES -> world.workload().ensureServices();
            case PRIMARY -> world.workload().ensurePrimary();
            case PRIMARY_SCALER -> onScaler(Scaler::ensurePrimary);
            case ROUTES -> world.routes().ensure(cookies);
            case FINALIZER -> finalizer(world.plan().release().options().revertOnDeletion());
        }
    }

    /** Something to do with a scaler. */
    @FunctionalInterface
    private interface OnScaler {
        void to(Scaler scaler) throws Unusable, Changed;
    }

    private void onScaler(OnScaler what) throws Unusable, Changed {
        Optional<Scaler> scaler = world.scaler();
        if (scaler.isPresent()) {
            what.to(scaler.get());
        }
    }

    private Optional<Integer> scalersMinimum() throws Unusable {
        Optional<Scaler> scaler = world.scaler();
        return scaler.isPresent() ? scaler.get().minimum() : Optional.empty();
    }

    private void finalizer(boolean wanted) throws Changed {
        Finalizer.set(world.client(), world.canary(), wanted);
    }
}
