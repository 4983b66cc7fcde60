package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.hook.Webhooks;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.controller.metrics.store.MetricStores;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.tell.KubernetesEvents;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Deployments;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One controller process, in a time that the test makes: all that it has in memory goes with it. */
final class Pilot implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Scene scene;
    private final KubernetesClient client;
    private final Webhooks webhooks = new Webhooks(HttpClient.newBuilder(), _ -> Map.of());
    private final Gateways gateways;
    private final GatewayNumbers numbers;
    private final Aside aside = new Aside();
    private final Fetch fetch = new Fetch(Duration.ofSeconds(5), ProxySelector.of(null));
    private final ReleaseMetrics metrics = new ReleaseMetrics("test", "nginx", System::nanoTime);
    private final CanaryReconciler reconciler;
    private boolean woken = true;
    private Instant wake = Instant.MIN;

    Pilot(Scene scene, String actor) {
        this.scene = scene;
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(scene.front().url())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        this.gateways = new Gateways(
                client,
                new Gateways.Where("linnet-system", List.of(scene.gateway().url())),
                Optional::empty,
                scene.time());
        this.numbers = new GatewayNumbers(gateways, scene.time());
        KubernetesEvents events = new KubernetesEvents(client, scene.time());
        List<Teller> tellers = new ArrayList<>(List.of(events));
        tellers.add(new Hearer(scene::hears));
        this.reconciler = new CanaryReconciler(
                new Worlds(
                        client,
                        events,
                        new Worlds.Usual(
                                "nginx",
                                "nginx.ingress.kubernetes.io",
                                new Deployments.Settings(
                                        List.of("app", "name", "app.kubernetes.io/name"), List.of("test-"), true),
                                actor)),
                new Questions(webhooks, numbers, measurements(), metrics, scene.time()),
                numbers,
                metrics,
                tellers,
                scene.time(),
                aside);
        reconciler.inbox.setEventHandler(_ -> woken = true);
        reconciler.inbox.start();
    }

    private Measurements measurements() {
        MetricStores stores =
                new MetricStores(client, fetch, new AwsIdentities(fetch, scene.time(), Map.of()), scene.time());
        return new Measurements(client, fetch, numbers, stores, new Measurements.Settings(Optional.empty(), false));
    }

    /** Something has changed that informers would tell. */
    void wakes() {
        woken = true;
    }

    /** Does what is due at this moment, or lets time pass until something is. */
    void moment() throws InterruptedException {
        woken |= scene.settle();
        aside.drain();
        if (woken || !scene.time().instant().isBefore(wake)) {
            woken = false;
            UpdateControl<Canary> then = reconciler.reconcile(scene.cached());
            wake = then.getScheduleDelay()
                    .map(delay -> scene.time().instant().plusMillis(delay))
                    .orElse(Instant.MAX);
            return;
        }
        Duration step = LOOK;
        Duration untilWake =
                wake.equals(Instant.MAX) ? LOOK : Duration.between(scene.time().instant(), wake);
        if (untilWake.compareTo(step) < 0) {
            step = untilWake;
        }
        scene.gateway().pass(step);
        scene.time().pass(step);
        if (reconciler.isBusy()) {
            numbers.read();
            reconciler.notice();
        }
    }

    /** As an informer would tell it; whether it is a reason to look at once. */
    boolean hears(Canary now) {
        return reconciler.concerns(now);
    }

    /** Only this controller's own turn, whatever the time. */
    void turn() throws InterruptedException {
        aside.drain();
        reconciler.reconcile(scene.cached());
        aside.drain();
    }

    @Override
    public void close() {
        reconciler.close();
        webhooks.close();
        fetch.close();
        gateways.close();
        client.close();
    }
}
