package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.controller.route.WeightedRoutes;
import dev.linnet.manifests.flagger.CanaryHttpRoute;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.manifests.flagger.CanaryVirtualService;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.flagger.WeightedRoute;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Canary is released together with stands on the object that it routes by: gateways read it there. */
final class RouteMarksTest extends InReleaseCluster {
    private static final String CANARY = """
            provider: PROVIDER
            targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
            service:
              port: 80
              gatewayRefs: [{name: edge, namespace: default}]
            analysis: {interval: 10s, threshold: 2, maxWeight: 40, stepWeight: 20}
            """;

    @BeforeAll
    void definesMore() throws IOException {
        for (String file : new String[] {"istio-crds.yaml", "gateway-api-crds.yaml"}) {
            cluster.define(Files.readString(Path.of("../deploy").resolve(file)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"istio", "gatewayapi:v1"})
    void followsTheCanary(String provider) throws Exception {
        try (Scene scene = cluster.scene()) {
            routes(scene, provider, Optional.of("checkout")).ensure(Cookies.NONE);
            assertThat(annotations(scene, provider)).containsEntry("linnet.dev/release", "checkout");

            routes(scene, provider, Optional.of("checkout")).route(new Traffic.Split(20), Cookies.NONE);
            assertThat(annotations(scene, provider)).containsEntry("linnet.dev/release", "checkout");

            routes(scene, provider, Optional.of("payment")).ensure(Cookies.NONE);
            assertThat(annotations(scene, provider)).containsEntry("linnet.dev/release", "payment");
            assertThat(live(scene, provider).getAdditionalProperties().toString())
                    .contains("weight=20");

            routes(scene, provider, Optional.empty()).ensure(Cookies.NONE);
            assertThat(annotations(scene, provider)).doesNotContainKey("linnet.dev/release");
        }
    }

    private WeightedRoutes routes(Scene scene, String provider, Optional<String> mark) throws Exception {
        JsonNode spec = new YAMLMapper().readTree(CANARY.replace("PROVIDER", provider));
        CanaryPlan plan = CanaryReader.read(
                new ObjectMetaBuilder()
                        .withName("podinfo")
                        .withNamespace(scene.namespace())
                        .build(),
                spec,
                provider);
        WeightedRoute wanted = provider.equals("istio")
                ? new CanaryVirtualService(plan.release(), spec.path("service"))
                : new CanaryHttpRoute(plan.release(), spec.path("service"));
        return new WeightedRoutes(
                cluster.client(),
                plan,
                wanted,
                new OwnerReferenceBuilder()
                        .withApiVersion("flagger.app/v1beta1")
                        .withKind("Canary")
                        .withName("podinfo")
                        .withUid("6d5b7c9f-0000-4000-8000-000000000001")
                        .withController(true)
                        .build(),
                new ReleaseMark(mark));
    }

    private Map<String, String> annotations(Scene scene, String provider) {
        return Optional.ofNullable(live(scene, provider).getMetadata().getAnnotations())
                .orElseGet(Map::of);
    }

    private GenericKubernetesResource live(Scene scene, String provider) {
        boolean istio = provider.equals("istio");
        return cluster.client()
                .genericKubernetesResources(
                        istio ? "networking.istio.io/v1beta1" : "gateway.networking.k8s.io/v1",
                        istio ? "VirtualService" : "HTTPRoute")
                .inNamespace(scene.namespace())
                .withName("podinfo")
                .require();
    }
}
