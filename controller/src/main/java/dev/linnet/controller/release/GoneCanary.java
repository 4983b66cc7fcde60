package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Effect;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Canary that went without a finalizer, and its primary with it: what it had taken from its target is given back.
 *
 * @param last   the Canary as it was
 * @param aside runs what takes time
 */
record GoneCanary(Worlds worlds, Canary last, InstantSource clock, Executor aside) {
    private static final Logger LOG = LoggerFactory.getLogger(GoneCanary.class);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration GIVING = Duration.ofMinutes(2);

    /** Returns at once. */
    void giveBack() {
        Instant latest = clock.instant().plus(GIVING);
        aside.execute(() -> giveBack(latest));
    }

    /** The primary may serve for some moments still: callers are led to the target once it is ready. */
    private void giveBack(Instant latest) {
        try {
            if (!givesBack(!clock.instant().isBefore(latest))) {
                Thread.sleep(SOON);
                aside.execute(() -> giveBack(latest));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Unusable | UnreadableCanary | KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("canary", ResourceID.fromResource(last).toString())
                    .addKeyValue("cause", e.getMessage())
                    .log("not everything could be given back to a target whose Canary has gone");
        }
    }

    private boolean givesBack(boolean atOnce) throws Unusable, UnreadableCanary {
        try {
            World world = worlds.of(last, worlds.plan(last));
            Effects effects = new Effects(world, Cookies.NONE);
            effects.apply(new Effect.ResumeScaler());
            effects.apply(new Effect.RevertTarget());
            Answer.Readiness target = world.workload().readiness(Side.CANARY, Instant.MAX, clock.instant());
            if (!atOnce && !(target instanceof Answer.Readiness.Ready)) {
                return false;
            }
            effects.apply(new Effect.RevertService());
            effects.apply(new Effect.RevertRoutes());
            return true;
        } catch (Changed _) {
            return false;
        }
    }
}
