package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.ControllerSettings;
import dev.linnet.controller.mesh.MeshSettings;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.tell.AlertReceivers;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Whole controllers, with their watches and threads, in the time that passes for everybody. */
final class RealTime {
    private static final Duration LOOK = Duration.ofMillis(50);

    private RealTime() {}

    /** Lets Pods and data planes do their part until something is so. */
    static void await(Scene scene, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time: %s", scene.end()).isLessThan(end);
            scene.pods().settle();
            scene.gateway().pass(LOOK);
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    static KubernetesClient client(FrontApi front) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(front.url())
                        .withRequestRetryBackoffLimit(0)
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
    }

    /** @param leases where it must win an election first */
    static ControllerSettings settings(Scene scene, Optional<ControllerSettings.Leases> leases) {
        return new ControllerSettings(
                Optional.of(scene.namespace()),
                "nginx",
                "nginx.ingress.kubernetes.io",
                List.of("app"),
                List.of(),
                true,
                new Gateways.Where(scene.namespace(), List.of(scene.gateway().url())),
                new Measurements.Settings(Optional.empty(), false),
                Secret.of(Map.of()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new AlertReceivers.Usual(List.of(), Optional.empty(), false),
                Optional.empty(),
                leases,
                Optional.empty(),
                ProxySelector.of(null),
                MeshSettings.DEFAULT);
    }
}
