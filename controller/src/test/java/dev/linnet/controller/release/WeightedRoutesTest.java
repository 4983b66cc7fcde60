package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.controller.route.WeightedRoutes;
import dev.linnet.manifests.flagger.CanaryHttpRoute;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.manifests.flagger.CanaryVirtualService;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.flagger.WeightedRoute;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The objects by which Istio and Gateway API route, on a real API. */
final class WeightedRoutesTest extends InReleaseCluster {
    private static final ResourceDefinitionContext VIRTUAL_SERVICE =
            kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");
    private static final ResourceDefinitionContext HTTP_ROUTE =
            kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes");
    private static final String THEIRS = """
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata:
              name: podinfo
              labels: {team: a}
              annotations: {note: theirs}
            spec:
              gateways: [istio-system/public]
              hosts: [app.example.com]
              http:
              - {retries: {attempts: 2}, mirror: {host: audit}, route: [{destination: {host: podinfo}}]}
            """;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeAll
    void definesMore() throws IOException {
        cluster.define(Files.readString(Path.of("../deploy/istio-crds.yaml")));
        cluster.define(Files.readString(Path.of("../deploy/gateway-api-crds.yaml")));
        client = cluster.client();
    }

    private static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    @Test
    void makesAVirtualServiceWithTheMarksThatItsCanaryWantsAndDestinationRules() throws Exception {
        try (Scene scene = cluster.scene()) {
            WeightedRoutes routes = istio(scene, "{port: 80, apex: {labels: {team: b}, annotations: {a: b}}}");

            routes.ensure(Cookies.NONE);

            GenericKubernetesResource made = live(scene, VIRTUAL_SERVICE);
            assertThat(made.getMetadata().getLabels()).containsEntry("team", "b");
            assertThat(made.getMetadata().getAnnotations())
                    .containsEntry("a", "b")
                    .containsEntry("kustomize.toolkit.fluxcd.io/reconcile", "disabled");
            assertThat(made.getMetadata().getOwnerReferences()).hasSize(1);
            assertThat(routes.objects())
                    .extracting(object ->
                            object.getKind() + " " + object.getMetadata().getName())
                    .containsExactly(
                            "VirtualService podinfo",
                            "DestinationRule podinfo-canary",
                            "DestinationRule podinfo-primary");
            String version = made.getMetadata().getResourceVersion();
            routes.ensure(Cookies.NONE);
            assertThat(live(scene, VIRTUAL_SERVICE).getMetadata().getResourceVersion())
                    .as("what is there already is not written")
                    .isEqualTo(version);
        }
    }

    @Test
    void leadsCallersToTheTargetWhenWhatItHasMadeIsAboutToGo() throws Exception {
        try (Scene scene = cluster.scene()) {
            WeightedRoutes routes = istio(scene, "{port: 80}");
            routes.ensure(Cookies.NONE);

            routes.revert();

            assertThat(spec(live(scene, VIRTUAL_SERVICE)).path("http").toString())
                    .contains("\"host\":\"podinfo\"")
                    .doesNotContain("podinfo-primary");
        }
    }

    @Test
    void givesAVirtualServiceThatWasThereBeforeItsFormerContent() throws Exception {
        try (Scene scene = cluster.scene()) {
            scene.applies(THEIRS);
            GenericKubernetesResource before = live(scene, VIRTUAL_SERVICE);
            WeightedRoutes routes =
                    istio(scene, "{port: 80, gateways: [istio-system/public], hosts: [app.example.com]}");

            routes.ensure(Cookies.NONE);
            assertThat(routes.read(Progress.NEW)).isEqualTo(new Answer.Routes.Shares(0, false));
            routes.route(new Traffic.Split(10), Cookies.NONE);
            routes.ensure(Cookies.NONE);
            assertThat(routes.read(Progress.NEW)).isEqualTo(new Answer.Routes.Shares(10, false));
            routes.revert();

            GenericKubernetesResource after = live(scene, VIRTUAL_SERVICE);
            assertThat(spec(after)).isEqualTo(spec(before));
            assertThat(after.getMetadata().getLabels())
                    .isEqualTo(before.getMetadata().getLabels());
            assertThat(after.getMetadata().getAnnotations())
                    .isEqualTo(before.getMetadata().getAnnotations());
        }
    }

    /** Flagger drops them, since it does not know them. */
    @Test
    void leavesWhatAVirtualServiceSaysOfOtherTrafficAndOfWhoSeesItAsItIs() throws Exception {
        try (Scene scene = cluster.scene()) {
            scene.applies(THEIRS + """
                      exportTo: [".", istio-system]
                      tls: [{match: [{port: 443, sniHosts: [app.example.com]}], route: [{destination: {host: secure}}]}]
                      tcp: [{match: [{port: 5432}], route: [{destination: {host: db}}]}]
                    """);
            JsonNode before = spec(live(scene, VIRTUAL_SERVICE));
            WeightedRoutes routes =
                    istio(scene, "{port: 80, gateways: [istio-system/public], hosts: [app.example.com]}");

            routes.ensure(Cookies.NONE);
            routes.route(new Traffic.Split(10), Cookies.NONE);

            JsonNode after = spec(live(scene, VIRTUAL_SERVICE));
            for (String field : List.of("exportTo", "tls", "tcp")) {
                assertThat(after.path(field)).isEqualTo(before.path(field)).isNotEmpty();
            }
            assertThat(after.path("http")).isNotEqualTo(before.path("http"));
            routes.revert();
            assertThat(spec(live(scene, VIRTUAL_SERVICE))).isEqualTo(before);
        }
    }

    @Test
    void waitsUntilAParentHasAcceptedWhatItsRouteSaysNow() throws Exception {
        try (Scene scene = cluster.scene()) {
            WeightedRoutes routes = gatewayApi(scene);
            routes.ensure(Cookies.NONE);
            accept(scene, 1);
            assertThat(routes.read(Progress.NEW)).isEqualTo(new Answer.Routes.Shares(0, false));

            routes.route(new Traffic.Split(10), Cookies.NONE);
            assertThat(routes.read(Progress.NEW))
                    .isEqualTo(
                            new Answer.Routes.Unusable(
                                    "HTTPRoute podinfo." + scene.namespace()
                                            + " parent edge is not ready (status: True, observed generation: 1, current generation: 2)"));

            accept(scene, 2);
            assertThat(routes.read(Progress.NEW)).isEqualTo(new Answer.Routes.Shares(10, false));
        }
    }

    private void accept(Scene scene, int generation) {
        client.genericKubernetesResources(HTTP_ROUTE)
                .inNamespace(scene.namespace())
                .withName("podinfo")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"parents": [{
                          "parentRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"},
                          "controllerName": "linnet.dev/gateway",
                          "conditions": [{"type": "Accepted", "status": "True", "reason": "Accepted", "message": "",
                            "observedGeneration": %d, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]}}
                        """.formatted(generation));
    }

    /** As Flagger leaves them: under its name in managedFields. */
    @Test
    void whatFlaggerHasWrittenBecomesOurs() throws Exception {
        try (Scene scene = cluster.scene()) {
            WeightedRoutes routes = istio(scene, "{port: 80}");
            routes.ensure(Cookies.NONE);
            for (HasMetadata object : routes.objects()) {
                object.getMetadata().getManagedFields().forEach(entry -> entry.setManager("flagger"));
                client.resource(object).update();
            }
            assertThat(managers(routes)).contains("flagger");

            Handover.take(client, routes.objects());

            assertThat(managers(routes)).containsOnly("linnet");
        }
    }

    private static List<String> managers(WeightedRoutes routes) {
        return routes.objects().stream()
                .flatMap(object -> object.getMetadata().getManagedFields().stream())
                .map(entry -> entry.getManager())
                .distinct()
                .toList();
    }

    private GenericKubernetesResource live(Scene scene, ResourceDefinitionContext kind) {
        return client.genericKubernetesResources(kind)
                .inNamespace(scene.namespace())
                .withName("podinfo")
                .require();
    }

    private static JsonNode spec(GenericKubernetesResource object) {
        return new ObjectMapper().valueToTree(object.getAdditionalProperties().get("spec"));
    }

    private WeightedRoutes istio(Scene scene, String service) throws Exception {
        JsonNode wanted = new YAMLMapper().readTree(service);
        CanaryPlan plan = plan(scene, "istio", wanted);
        return routes(scene, plan, new CanaryVirtualService(plan.release(), wanted));
    }

    private WeightedRoutes gatewayApi(Scene scene) throws Exception {
        JsonNode wanted = new YAMLMapper().readTree("{port: 80, gatewayRefs: [{name: edge}]}");
        CanaryPlan plan = plan(scene, "gatewayapi:v1", wanted);
        return routes(scene, plan, new CanaryHttpRoute(plan.release(), wanted));
    }

    private WeightedRoutes routes(Scene scene, CanaryPlan plan, WeightedRoute wanted) {
        scene.applies(Manifests.canary("interval: 1s\nthreshold: 1\nstepWeight: 10\n"));
        OwnerReference owner = Ownership.by(scene.canary().orElseThrow());
        return new WeightedRoutes(client, plan, wanted, owner, new ReleaseMark(Optional.empty()));
    }

    private static CanaryPlan plan(Scene scene, String provider, JsonNode service) throws Exception {
        JsonNode spec = new YAMLMapper().readTree("""
                provider: %s
                targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                service: %s
                analysis: {interval: 1s, threshold: 1, stepWeight: 10}
                """.formatted(provider, service));
        return CanaryReader.read(
                new ObjectMetaBuilder()
                        .withName("podinfo")
                        .withNamespace(scene.namespace())
                        .build(),
                spec,
                provider);
    }
}
