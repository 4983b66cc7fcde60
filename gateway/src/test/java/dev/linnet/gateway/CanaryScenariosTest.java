package dev.linnet.gateway;

import static dev.linnet.gateway.CanaryScene.BY_HEADER;
import static dev.linnet.gateway.CanaryScene.CANARY;
import static dev.linnet.gateway.CanaryScene.CANARY_SVC;
import static dev.linnet.gateway.CanaryScene.PREFIX;
import static dev.linnet.gateway.CanaryScene.PRIMARY;
import static dev.linnet.gateway.CanaryScene.PRIMARY_SVC;
import static dev.linnet.gateway.CanaryScene.annotated;
import static dev.linnet.gateway.CanaryScene.defaultBackend;
import static dev.linnet.gateway.CanaryScene.eventually;
import static dev.linnet.gateway.CanaryScene.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.feed.Orphans;
import dev.linnet.numbers.PrometheusPage;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * ingress-nginx's own tests of where canaries belong (spec §8.1), over real sockets: manifests go into a Kubernetes API, requests into the
 * gateway. Which requests a canary takes stands in {@link CanarySelectionTest}, session affinity (CAN-23 to CAN-25) in
 * {@link CanaryAffinityTest}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanaryScenariosTest {
    @AutoClose
    private final CanaryScene scene;

    CanaryScenariosTest(@TempDir Path directory) throws Exception {
        scene = new CanaryScene(directory);
    }

    @AfterEach
    void removeIngresses() {
        scene.removeIngresses();
    }

    @Test
    void can01RequestWithoutTheHeaderGoesToThePrimary() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(scene.get()).isEqualTo(PRIMARY);
    }

    /** ingress-nginx takes up to 4.5 seconds, and its workers do not change together. */
    @Test
    void limitL27AChangeIsInForceOnAllConnectionsAtOnceAndAMomentAfterTheApiHasIt() {
        scene.primaryIngress();
        Ingress canaryIngress = scene.canaryIngress("canary-weight", "0");
        List<Conversation> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) { // dealt to all event loops in turn
            clients.add(Conversation.with(scene.gateway.httpAddress()));
        }
        clients.forEach(one -> assertThat(onto(one)).isEqualTo(PRIMARY));

        Ingress changed = scene.cluster.put(new IngressBuilder(canaryIngress)
                .editMetadata()
                .addToAnnotations(PREFIX + "canary-weight", "100")
                .endMetadata()
                .build());
        scene.obeyed(changed);

        clients.forEach(one -> assertThat(onto(one)).isEqualTo(CANARY));
        clients.forEach(Conversation::close);
    }

    private static String onto(Conversation client) {
        return client.send("GET /info HTTP/1.1\r\nHost: foo\r\n\r\n")
                .readResponse()
                .body();
    }

    @Test
    void can02CanaryAloneServesNothing() {
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(scene.get("CanaryByHeader: always")).isEqualTo("404");
    }

    /** (a) is 200 here, by the rule, and not 503: the most complained-about behaviour of ingress-nginx. */
    @Test
    void can03OneSideWithoutEndpoints() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        scene.scale(PRIMARY_SVC);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(CANARY);
        assertThat(scene.get("CanaryByHeader: never")).isEqualTo("503");
        assertThat(scene.get()).isEqualTo("503");

        scene.scale(PRIMARY_SVC, scene.primary.endpoint());
        scene.scale(CANARY_SVC);
        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(PRIMARY);
        scene.scale(CANARY_SVC, scene.canary.endpoint());
    }

    @Test
    void can04CanaryAfterThePrimary() {
        scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can05CanaryBeforeThePrimary() {
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");
        scene.primaryIngress();

        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can06PrimaryIsUpdated() {
        Ingress ingress = scene.primaryIngress();
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        scene.put(new IngressBuilder(ingress)
                .editMetadata()
                .addToAnnotations("foo", "bar")
                .endMetadata()
                .build());

        assertThat(scene.get("CanaryByHeader: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can07CanaryIsUpdated() {
        scene.primaryIngress();
        Ingress ingress = scene.canaryIngress(BY_HEADER, "CanaryByHeader");

        scene.put(new IngressBuilder(ingress)
                .editMetadata()
                .addToAnnotations(PREFIX + BY_HEADER, "CanaryByHeader2")
                .endMetadata()
                .build());

        assertThat(scene.get("CanaryByHeader2: never")).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader2: always")).isEqualTo(CANARY);
    }

    @Test
    void can20CatchAllCanary() {
        scene.create(
                annotated(defaultBackend("foo-canary", CANARY_SVC), "canary", "true", BY_HEADER, "CanaryByHeader"));
        scene.create(defaultBackend("foo", PRIMARY_SVC));

        assertThat(scene.ask("unknown", "/")).isEqualTo(PRIMARY);
        assertThat(scene.ask("unknown", "/", "CanaryByHeader: always")).isEqualTo(CANARY);
    }

    @Test
    void can21CanaryMakesNoHostOfItsOwn() {
        scene.canaryIngress(BY_HEADER, "CanaryByHeader");
        scene.create(ingress("bar", "bar", PRIMARY_SVC, "/info"));

        assertThat(scene.ask("foo", "/info", "CanaryByHeader: always")).isEqualTo("404");
        assertThat(scene.ask("bar", "/info", "CanaryByHeader: always")).isEqualTo(PRIMARY);
    }

    @Test
    void can22CanaryToAServiceThatDoesNotExist() {
        scene.create(annotated(
                ingress("foo-canary", "foo", "httpy-svc-canary", "/foo", "/bar"),
                "canary",
                "true",
                BY_HEADER,
                "CanaryByHeader"));
        scene.primaryIngress();

        assertThat(scene.get()).isEqualTo(PRIMARY);
        assertThat(scene.get("CanaryByHeader: always")).isEqualTo(PRIMARY);
    }

    /** Limits L5, L6 and L22: what cannot serve shows in a metric, too. */
    @Test
    void limitL06OrphansShowInTheMetricOfIngressNginx() {
        scene.primaryIngress();
        scene.create(annotated(
                ingress("foo-canary", "foo", "httpy-svc-canary", "/info"),
                "canary",
                "true",
                BY_HEADER,
                "CanaryByHeader"));
        scene.scale(PRIMARY_SVC);
        PrometheusPage page = new PrometheusPage(Map.of());

        eventually(() -> scene.feed.followed().stream()
                        .filter(object -> object.lack().isPresent())
                        .count()
                == 2);
        new Orphans(scene.feed).writeTo(page);

        assertThat(page.text())
                .contains(
                        "nginx_ingress_controller_orphan_ingress{ingress=\"foo\",namespace=\"shop\",type=\"no-endpoint\"} 1\n")
                .contains(
                        "nginx_ingress_controller_orphan_ingress{ingress=\"foo-canary\",namespace=\"shop\",type=\"no-service\"} 1\n");
        scene.scale(PRIMARY_SVC, scene.primary.endpoint());
    }
}
