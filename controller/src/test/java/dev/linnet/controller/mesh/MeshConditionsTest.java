package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.fetch.Recorder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a Service whose condition the cache does not show yet. */
final class MeshConditionsTest {
    private static final String LIVE =
            "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"back\",\"uid\":\"1\"}}";
    private static final Service SERVICE = new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("back")
            .withUid("1")
            .endMetadata()
            .build();

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private MeshConditions conditions;

    @BeforeEach
    void begin() throws IOException {
        api = Recorder.start(patched(200));
        client = api.client();
        conditions = new MeshConditions(client, InstantSource.system());
    }

    @AfterEach
    void end() {
        client.close();
        api.close();
    }

    private static Recorder.Answering patched(int status) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            boolean patch = exchange.getRequestMethod().equals("PATCH");
            String failure = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":%d}".formatted(status);
            Recorder.fixed(patch ? status : 200, patch && status != 200 ? failure : LIVE)
                    .answer(exchange);
        };
    }

    private long patches() {
        return api.asked().stream()
                .filter(asked -> asked.method().equals("PATCH"))
                .count();
    }

    @Test
    void isWrittenOnce() {
        conditions.led(SERVICE);
        conditions.led(SERVICE);

        assertThat(patches()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 422, 503})
    void isTriedAgainAfterAFailure(int status) {
        api.answer(patched(status));
        conditions.led(SERVICE);
        api.answer(patched(200));
        conditions.led(SERVICE);
        conditions.led(SERVICE);

        assertThat(patches()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void isNotTriedAgainWhereWeMayNotOrTheServiceIsGone(int status) {
        api.answer(patched(status));
        conditions.led(SERVICE);
        conditions.led(SERVICE);

        assertThat(patches()).isEqualTo(1);
    }
}
