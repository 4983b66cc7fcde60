package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.FrontApi.Call;
import dev.linnet.controller.release.FrontApi.Fault;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A leader that was paused in the middle of an act, long enough for another one to end the release, wakes up and overwrites nothing. */
final class OldLeaderTest extends InReleaseCluster {
    /** @param at the request before which it is paused, while the canary is to get its first traffic */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /apis/networking.k8s.io/v1/namespaces/NS/ingresses/podinfo-canary",
                "PATCH /apis/networking.k8s.io/v1/namespaces/NS/ingresses/podinfo-canary",
                "GET /apis/linnet.dev/v1alpha1/namespaces/NS/runs/podinfo-1",
                "PATCH /apis/linnet.dev/v1alpha1/namespaces/NS/runs/podinfo-1/status",
                "PATCH /apis/flagger.app/v1beta1/namespaces/NS/canaries/podinfo/status"
            })
    void overwritesNothing(String at) throws Exception {
        try (Scene scene = cluster.scene()) {
            initialize(scene, Manifests.WEIGHTED);
            scene.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            scene.until("its Pods are ready", () -> scene.weight() == 20);

            String end;
            CountDownLatch awake = new CountDownLatch(1);
            try (Pilot old = scene.newController()) {
                scene.controllerIsReplaced();
                Thread paused =
                        pauseAt(scene, old, call -> call.toString().equals(at.replace("NS", scene.namespace())), awake);
                scene.setsImage("podinfo:1");
                scene.until(
                        "the release has been taken back",
                        () -> scene.phase().equals("Succeeded") && scene.replicas("podinfo") == 0);
                scene.passes(java.time.Duration.ofSeconds(5));
                end = scene.end();
                int writes = scene.front().writes().size();

                awake.countDown();
                assertThat(paused.join(java.time.Duration.ofSeconds(20))).isTrue();

                assertThat(scene.end()).isEqualTo(end);
                assertThat(written(scene, writes)).isEmpty();
            }
            scene.nobodyLostARequest();
        }
    }

    private static List<Call> written(Scene scene, int since) {
        List<Call> all = scene.front().writes();
        return all.subList(since, all.size());
    }

    /** Lets a controller take turns until it makes such a request, which then waits. */
    private static Thread pauseAt(Scene scene, Pilot old, Predicate<Call> at, CountDownLatch awake)
            throws InterruptedException {
        CountDownLatch asleep = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        scene.front().fail(call -> {
            if (at.test(call) && first.compareAndSet(true, false)) {
                asleep.countDown();
                waitFor(awake);
            }
            return Fault.NONE;
        });
        Thread turns = Thread.ofVirtual().start(() -> {
            while (first.get()) {
                turn(old);
            }
        });
        assertThat(asleep.await(30, TimeUnit.SECONDS)).as("it is paused").isTrue();
        return turns;
    }

    private static void turn(Pilot old) {
        try {
            old.moment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
