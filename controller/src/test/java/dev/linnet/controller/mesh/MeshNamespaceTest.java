package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.mesh.Original;
import dev.linnet.manifests.mesh.Takeover;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Service on its way to gateways and back, on a real API. Each step is made by a controller that knows nothing of the steps before, as if
 * the one that made them had been killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeshNamespaceTest {
    private static final int MOST_STEPS = 20;

    @SuppressWarnings("NullAway.Init")
    private MeshCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private Shop shop;

    @BeforeAll
    void startsTheApi(@TempDir Path folder) {
        cluster = new MeshCluster(folder);
        client = cluster.client();
    }

    @AfterAll
    void stopsTheApi() {
        cluster.close();
    }

    @BeforeEach
    void opensAShop() {
        shop = cluster.shop();
    }

    @AfterEach
    void closesIt() {
        shop.close();
    }

    @Test
    void leadsTheServiceOnlyOnceGatewaysServeAndGivesItBackAsItWasWhoeverMakesEachStep() {
        Service before = shop.live("back");

        settleUntil(shop::isTaken);

        assertThat(shop.live("back-linnet").getSpec().getSelector()).isEqualTo(Map.of("app", "back"));
        assertThat(shop.live("back").getSpec().getSelector()).isEqualTo(Map.of("app", "linnet-mesh"));

        shop.optsOut();
        settleUntil(shop::isLeft);

        Service after = shop.live("back");
        assertThat(after.getSpec()).isEqualTo(before.getSpec());
        assertThat(after.getMetadata().getLabels())
                .isEqualTo(before.getMetadata().getLabels());
        assertThat(after.getMetadata().getAnnotations())
                .isEqualTo(before.getMetadata().getAnnotations());
        assertThat(shop.services()).hasSize(1);
    }

    @Test
    void givesItsGatewaysTheVariablesThatItIsToldOf() {
        Map<String, String> told = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317");

        new MeshGateways(client, shop.namespace(), new MeshSettings("linnet", 1, told))
                .ensure(Map.of(), Map.of(), Set.of("app"));

        assertThat(client.apps()
                        .deployments()
                        .inNamespace(shop.namespace())
                        .withName(MeshGateways.NAME)
                        .get()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .contains(new EnvVar("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317", null));
    }

    @Test
    void saysInAConditionThatItsTrafficPassesThroughGatewaysAndTakesThatBack() {
        settleUntil(() -> condition().isPresent());
        assertThat(condition().orElseThrow().getStatus()).isEqualTo("True");
        assertThat(condition().orElseThrow().getReason()).isEqualTo("Led");

        String version = shop.live("back").getMetadata().getResourceVersion();
        fresh().settle(shop.services(), shop.surroundings());
        assertThat(shop.live("back").getMetadata().getResourceVersion()).isEqualTo(version);

        shop.optsOut();
        settleUntil(() -> condition().isEmpty());
    }

    @Test
    void leadsAServiceBackThatSomebodyHasAppliedAnewAndKeepsWhatHeChanged() {
        settleUntil(shop::isTaken);
        shop.selects(Map.of("app", "back", "tier", "new"));

        settleUntil(() ->
                shop.live("back").getSpec().getSelector().equals(Map.of("app", "linnet-mesh", "tier", "linnet-mesh")));

        assertThat(Original.kept(shop.live("back")).orElseThrow().selector())
                .isEqualTo(Map.of("app", "back", "tier", "new"));
        assertThat(shop.live("back-linnet").getSpec().getSelector()).isEqualTo(Map.of("app", "back", "tier", "new"));
    }

    @Test
    void givesServicesBackWhenTheLastGatewayIsGone() {
        settleUntil(shop::isTaken);
        client.pods().inNamespace(shop.namespace()).delete();

        fresh().settle(shop.services(), shop.surroundings());

        assertThat(shop.live("back").getSpec().getSelector()).isEqualTo(Map.of("app", "back"));
        assertThat(condition().orElseThrow().getReason()).isEqualTo("NoGateway");
    }

    @Test
    void givesAServiceBackThatSomebodyHasChangedWhenTheLastGatewayIsGone() {
        settleUntil(shop::isTaken);
        client.pods().inNamespace(shop.namespace()).delete();
        shop.edits(service -> service.editSpec()
                .addNewPort()
                .withName("admin")
                .withPort(81)
                .withNewTargetPort("admin")
                .endPort()
                .endSpec());

        fresh().settle(shop.services(), shop.surroundings());

        assertThat(shop.live("back").getSpec().getSelector()).isEqualTo(Map.of("app", "back"));
        assertThat(shop.live("back").getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly("http", "admin");
        assertThat(Original.kept(shop.live("back"))).isEmpty();
        assertThat(condition().orElseThrow().getReason()).isEqualTo("NoGateway");
    }

    @Test
    void saysThatNoGatewayIsLeftThoughWhoGaveTheServiceBackDiedBeforeSayingSo() {
        settleUntil(() -> condition().isPresent());
        client.pods().inNamespace(shop.namespace()).delete();
        client.services()
                .inNamespace(shop.namespace())
                .withName("back")
                .patch(PatchContext.of(PatchType.JSON), Takeover.undo(shop.live("back")));
        assertThat(condition().orElseThrow().getReason()).isEqualTo("Led");

        fresh().settle(shop.services(), shop.surroundings());

        assertThat(condition().orElseThrow().getReason()).isEqualTo("NoGateway");
    }

    @Test
    void saysNothingOfAServiceThatCouldNotBeGivenBackBecauseSomebodyWasQuicker() {
        settleUntil(() -> condition().isPresent());
        client.pods().inNamespace(shop.namespace()).delete();
        List<Service> seen = shop.services();
        shop.edits(
                service -> service.editMetadata().addToAnnotations("team", "b").endMetadata());

        fresh().settle(seen, shop.surroundings());

        assertThat(shop.isTaken()).isTrue();
        assertThat(condition().orElseThrow().getReason()).isEqualTo("Led");
    }

    @Test
    void remembersWhatAServiceWasThoughSomebodyTakesItsAnnotationAway() {
        Service before = shop.live("back");
        settleUntil(shop::isTaken);
        shop.edits(service -> service.editMetadata()
                .removeFromAnnotations(Original.ANNOTATION)
                .endMetadata());

        settleUntil(() -> Original.kept(shop.live("back")).isPresent());
        shop.optsOut();
        settleUntil(shop::isLeft);

        assertThat(shop.live("back").getSpec()).isEqualTo(before.getSpec());
    }

    @Test
    void givesUpOnSomebodyWhoChangesItBackAgainAndAgain() {
        MeshNamespace one = fresh();
        for (int i = 0; i < 3; i++) {
            settleUntil(one, shop::isTaken);
            shop.selects(Map.of("app", "back"));
        }

        settleUntil(one, () -> Original.kept(shop.live("back")).isEmpty());

        assertRefused("has changed it back 3 times");
    }

    @Test
    void leadsTheServiceOfACanaryThere() {
        shop.edits(owned("flagger.app/v1beta1", "Canary"));

        settleUntil(shop::isTaken);
    }

    @Test
    void refusesWhatTheServiceItselfSpeaksAgainst() {
        refuses(
                "externalIPs",
                service -> service.editSpec().withExternalIPs("192.0.2.1").endSpec());
        refuses(
                "internalTrafficPolicy: Local",
                service -> service.editSpec()
                        .withExternalIPs()
                        .withInternalTrafficPolicy("Local")
                        .endSpec());
        refuses(
                "port 80 is not HTTP/1.1 (grpc)",
                service -> service.editSpec()
                        .withInternalTrafficPolicy("Cluster")
                        .editFirstPort()
                        .withAppProtocol("grpc")
                        .endPort()
                        .endSpec());
        refuses("Broker b keeps it as it is", service -> {
            service.editSpec().editFirstPort().withAppProtocol(null).endPort().endSpec();
            owned("example.com/v1", "Broker").accept(service);
        });
    }

    @Test
    void refusesKindsOfServicesThatNobodyCanLead() {
        for (String kind : List.of("headless", "ExternalName")) {
            client.resource(new ServiceBuilder()
                            .withNewMetadata()
                            .withNamespace(shop.namespace())
                            .withName(kind.toLowerCase(java.util.Locale.ROOT))
                            .endMetadata()
                            .withNewSpec()
                            .withType(kind.equals("headless") ? "ClusterIP" : kind)
                            .withClusterIP(kind.equals("headless") ? "None" : null)
                            .withExternalName(kind.equals("headless") ? null : "example.com")
                            .withSelector(Map.of("app", "other"))
                            .addNewPort()
                            .withPort(80)
                            .endPort()
                            .endSpec()
                            .build())
                    .create();
        }

        settleUntil(() -> refusals().size() == 2);

        assertThat(refusals())
                .anyMatch(text -> text.contains("headless"))
                .anyMatch(text -> text.contains("ExternalName"));
    }

    @Test
    void givesAServiceBackThatGetsPodsWithSidecars() {
        settleUntil(shop::isTaken);
        client.resource(new PodBuilder(shop.pod("back-1", Map.of("app", "back")))
                        .editSpec()
                        .addNewContainer()
                        .withName("istio-proxy")
                        .withImage("proxyv2")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();

        settleUntil(() -> !shop.isTaken());

        assertRefused("Pod back-1 has a sidecar (container istio-proxy)");
    }

    private void backServesAt8080() {
        client.resource(shop.pod("back-1", Map.of("app", "back"))).create();
        shop.edits(service -> service.editSpec()
                .editFirstPort()
                .withNewTargetPort(8080)
                .endPort()
                .endSpec());
    }

    @Test
    void givesAServiceBackWhoseNetworkPolicyWouldNotAdmitGatewaysAndTakesItAgainOnceItDoes() {
        backServesAt8080();
        settleUntil(shop::isTaken);
        var policy = new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(shop.namespace())
                .withName("back-from-front")
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels("app", "back")
                .endPodSelector()
                .addNewIngress()
                .addNewFrom()
                .withNewPodSelector()
                .addToMatchLabels("app", "front")
                .endPodSelector()
                .endFrom()
                .endIngress()
                .endSpec()
                .build();
        client.resource(policy).create();

        settleUntil(() -> !shop.isTaken());
        assertRefused("NetworkPolicy back-from-front does not admit gateways to port 8080 of Pod back-1");

        client.resource(policy).delete();
        settleUntil(shop::isTaken);
    }

    @Test
    void seesAtOnceThatItsNamespaceIsNoLongerTheOneThatANetworkPolicyAdmits() {
        backServesAt8080();
        shop.isLabelled(labels -> labels.put("team", "a"));
        client.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace(shop.namespace())
                        .withName("back-from-team-a")
                        .endMetadata()
                        .withNewSpec()
                        .withNewPodSelector()
                        .addToMatchLabels("app", "back")
                        .endPodSelector()
                        .addNewIngress()
                        .addNewFrom()
                        .withNewNamespaceSelector()
                        .addToMatchLabels("team", "a")
                        .endNamespaceSelector()
                        .endFrom()
                        .endIngress()
                        .endSpec()
                        .build())
                .create();
        MeshNamespace one = at(InstantSource.fixed(Instant.now()));
        settleUntil(one, shop::isTaken);

        shop.isLabelled(labels -> labels.put("team", "b"));

        settleUntil(one, () -> !shop.isTaken());
        assertRefused("NetworkPolicy back-from-team-a does not admit gateways to port 8080 of Pod back-1");
    }

    private void refuses(String why, Consumer<ServiceBuilder> change) {
        shop.edits(change);
        settleUntil(() -> refusals().stream().anyMatch(text -> text.contains(why)));
        assertRefused(why);
        assertThat(shop.isTaken()).isFalse();
    }

    private static Consumer<ServiceBuilder> owned(String apiVersion, String kind) {
        return service -> service.withMetadata(new ObjectMetaBuilder(service.buildMetadata())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(apiVersion)
                        .withKind(kind)
                        .withName("b")
                        .withUid("1")
                        .withController(true)
                        .build())
                .build());
    }

    /** By an Event and by a condition. */
    private void assertRefused(String why) {
        assertThat(refusals()).anyMatch(text -> text.contains(why));
        assertThat(condition().orElseThrow().getStatus()).isEqualTo("False");
        assertThat(condition().orElseThrow().getReason()).isEqualTo("Refused");
        assertThat(condition().orElseThrow().getMessage()).contains(why);
    }

    private List<String> refusals() {
        return client.v1().events().inNamespace(shop.namespace()).list().getItems().stream()
                .filter(event -> event.getReason().equals("MeshRefused"))
                .map(Event::getMessage)
                .toList();
    }

    private Optional<Condition> condition() {
        return Optional.ofNullable(shop.live("back").getStatus()).stream()
                .flatMap(status -> Optional.ofNullable(status.getConditions()).stream())
                .flatMap(List::stream)
                .filter(condition -> condition.getType().equals("linnet.dev/mesh"))
                .findFirst();
    }

    /** Each step by a controller of its own. */
    private void settleUntil(BooleanSupplier goal) {
        for (int i = 0; i < MOST_STEPS && !goal.getAsBoolean(); i++) {
            fresh().settle(shop.services(), shop.surroundings());
            shop.followsAsTheClusterWould();
        }
        assertThat(goal.getAsBoolean())
                .as("reached within %d steps", MOST_STEPS)
                .isTrue();
    }

    private void settleUntil(MeshNamespace one, BooleanSupplier goal) {
        for (int i = 0; i < MOST_STEPS && !goal.getAsBoolean(); i++) {
            one.settle(shop.services(), shop.surroundings());
            shop.followsAsTheClusterWould();
        }
        assertThat(goal.getAsBoolean())
                .as("reached within %d steps", MOST_STEPS)
                .isTrue();
    }

    private MeshNamespace fresh() {
        return at(InstantSource.system());
    }

    private MeshNamespace at(InstantSource clock) {
        return new MeshNamespace(client, shop.namespace(), MeshSettings.DEFAULT, new Complaints(client, clock), clock);
    }
}
