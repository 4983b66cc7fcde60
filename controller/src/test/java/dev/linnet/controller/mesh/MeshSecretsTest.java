package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which Secrets gateways of a namespace may read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeshSecretsTest {
    @SuppressWarnings("NullAway.Init")
    private MeshCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient controller;

    @SuppressWarnings("NullAway.Init")
    private Shop shop;

    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;

    @BeforeAll
    void startsTheApi(@TempDir Path folder) {
        cluster = new MeshCluster(folder);
        cluster.hasIstio();
        client = cluster.client();
        controller = cluster.clientOfTheController();
    }

    @AfterAll
    void stopsTheApi() {
        controller.close();
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
    void areThoseThatDestinationRulesNameAndNoOthers() {
        says("back", "tls: {mode: SIMPLE, credentialName: back-ca}");
        says("front", "portLevelSettings: [{port: {number: 80}, tls: {mode: MUTUAL, credentialName: front-both}}]");
        says("off", "tls: {mode: DISABLE, credentialName: unused}");

        fresh().grant(rules());

        assertThat(granted()).contains(List.of(reading("back-ca", "front-both")));
        assertThat(client.rbac()
                        .roleBindings()
                        .inNamespace(shop.namespace())
                        .withName("linnet-mesh-secrets")
                        .get()
                        .getSubjects())
                .singleElement()
                .satisfies(subject -> {
                    assertThat(subject.getNamespace()).isEqualTo(shop.namespace());
                    assertThat(subject.getName()).isEqualTo("linnet-mesh");
                });

        client.genericKubernetesResources("networking.istio.io/v1", "DestinationRule")
                .inNamespace(shop.namespace())
                .withName("front")
                .delete();
        fresh().grant(rules());

        assertThat(granted()).contains(List.of(reading("back-ca")));
    }

    @Test
    void areNoneWhereNobodyNamesAnyAndNeverAll() {
        says("back", "tls: {mode: SIMPLE, credentialName: back-ca}");
        MeshSecrets secrets = fresh();
        secrets.grant(rules());
        says("back", "tls: {mode: SIMPLE}");

        secrets.grant(rules());

        assertThat(granted()).isEmpty();
        assertThat(client.rbac()
                        .roleBindings()
                        .inNamespace(shop.namespace())
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void areTakenBackIfSomebodyHasAddedToThem() {
        says("back", "tls: {mode: SIMPLE, credentialName: back-ca}");
        fresh().grant(rules());
        client.rbac()
                .roles()
                .inNamespace(shop.namespace())
                .withName("linnet-mesh-secrets")
                .edit(role -> {
                    role.getRules().getFirst().setResourceNames(List.of());
                    return role;
                });

        fresh().grant(rules());

        assertThat(granted()).contains(List.of(reading("back-ca")));
    }

    @Test
    void keepNothingElseFromBeingDoneWhereTheControllerMayNotSeeToThem() {
        Config config = Config.fromKubeconfig(cluster.api().kubeconfig().toFile());
        config.setImpersonateUsername("somebody");
        try (KubernetesClient stranger =
                new KubernetesClientBuilder().withConfig(config).build()) {
            MeshSecrets secrets = new MeshSecrets(stranger, shop.namespace(), new Complaints(stranger, clock), clock);

            assertThatCode(() -> secrets.grant(rules())).doesNotThrowAnyException();
            assertThatCode(secrets::revoke).doesNotThrowAnyException();
        }
    }

    @Test
    void areToldOfWhereTheyDoNotExistUnlessTheyComeSoon() {
        says("back", "tls: {mode: SIMPLE, credentialName: back-ca}");
        says("front", "tls: {mode: SIMPLE, credentialName: front-ca}");
        MeshSecrets secrets = fresh();
        secrets.grant(rules());
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(shop.namespace())
                        .withName("front-ca")
                        .endMetadata()
                        .build())
                .create();
        secrets.grant(rules());
        assertThat(told()).isEmpty();

        now = now.plusSeconds(15);
        secrets.grant(rules());
        secrets.grant(rules());

        assertThat(told())
                .containsExactly(
                        "DestinationRule back BadSecret credentialName names Secret " + shop.namespace()
                                + "/back-ca, which does not exist: gateways inside the cluster answer requests for its host 503");
    }

    @Test
    void areToldOfWhereTheyLackWhatTheRuleWants() {
        says("back", "tls: {mode: MUTUAL, credentialName: back-both}");
        says("front", "tls: {mode: SIMPLE, credentialName: front-ca}");
        secret("back-both", "ca.crt", "x", "cert", "x");
        secret("front-ca", "ca.crt", "x");
        MeshSecrets secrets = fresh();

        secrets.grant(rules());
        now = now.plusSeconds(15);
        secrets.grant(rules());

        assertThat(told())
                .containsExactly(
                        "DestinationRule back BadSecret credentialName names Secret " + shop.namespace()
                                + "/back-both, which lacks tls.key: gateways inside the cluster answer requests for its host 503");
    }

    private void secret(String name, String... data) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < data.length; i += 2) {
            entries.put(data[i], data[i + 1]);
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(shop.namespace())
                        .withName(name)
                        .endMetadata()
                        .withStringData(entries)
                        .build())
                .create();
    }

    private List<GenericKubernetesResource> rules() {
        return client.genericKubernetesResources("networking.istio.io/v1", "DestinationRule")
                .inNamespace(shop.namespace())
                .list()
                .getItems();
    }

    private List<String> told() {
        return client.v1().events().inNamespace(shop.namespace()).list().getItems().stream()
                .map(event -> event.getInvolvedObject().getKind() + " "
                        + event.getInvolvedObject().getName() + " " + event.getReason() + " " + event.getMessage())
                .toList();
    }

    private MeshSecrets fresh() {
        return new MeshSecrets(controller, shop.namespace(), new Complaints(controller, clock), clock);
    }

    private void says(String host, String policy) {
        GenericKubernetesResource rule = Serialization.unmarshal(
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s, namespace: %s}
                spec:
                  host: %s
                  trafficPolicy: {%s}
                """.formatted(host, shop.namespace(), host, policy), GenericKubernetesResource.class);
        client.resource(rule).fieldManager("test").forceConflicts().serverSideApply();
    }

    private Optional<List<PolicyRule>> granted() {
        return Optional.ofNullable(client.rbac()
                        .roles()
                        .inNamespace(shop.namespace())
                        .withName("linnet-mesh-secrets")
                        .get())
                .map(role -> role.getRules());
    }

    private static PolicyRule reading(String... names) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(names)
                .withVerbs("get")
                .build();
    }
}
