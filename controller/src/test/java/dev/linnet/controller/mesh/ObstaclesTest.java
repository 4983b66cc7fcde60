package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.fetch.Recorder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often Pods are listed while the time stands still. */
final class ObstaclesTest {
    private static final Service SERVICE = new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("back")
            .withUid("1")
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "back")
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build();

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        api = Recorder.start(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}")
                    .answer(exchange);
        });
        client = api.client();
    }

    @AfterEach
    void end() {
        client.close();
        api.close();
    }

    private static Surroundings around(String version, String team) {
        return new Surroundings(
                Optional.of(new ObjectMetaBuilder()
                        .withName("shop")
                        .withResourceVersion(version)
                        .withLabels(Map.of("team", team))
                        .build()),
                List.of(),
                Optional.empty());
    }

    @Test
    void areLookedForAnewOnlyWhereSomethingElseIsAroundTheService() {
        Obstacles obstacles = new Obstacles(client, InstantSource.fixed(Instant.EPOCH));

        obstacles.refusal(SERVICE, around("1", "a"));
        obstacles.refusal(SERVICE, around("2", "a"));
        assertThat(api.asked()).hasSize(1);

        obstacles.refusal(SERVICE, around("3", "b"));
        assertThat(api.asked()).hasSize(2);
    }
}
