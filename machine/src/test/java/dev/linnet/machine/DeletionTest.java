package dev.linnet.machine;

import static dev.linnet.machine.TestCluster.eventually;
import static dev.linnet.machine.TestCluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes with what: owners and dependents, namespaces and their content, on a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class DeletionTest {
    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new TestCluster(directory);
    }

    @AfterAll
    @Timeout(60)
    void stop() {
        cluster.close();
    }

    @Test
    void whatADeploymentOwnsGoesWithIt() {
        cluster.namespace("background");
        cluster.client.resource(web("background", 2, "web:1")).create();
        eventually().until(() -> cluster.isRolledOut("background"));

        cluster.client
                .apps()
                .deployments()
                .inNamespace("background")
                .withName("web")
                .delete();
        eventually().untilAsserted(() -> {
            assertThat(cluster.client
                            .apps()
                            .replicaSets()
                            .inNamespace("background")
                            .list()
                            .getItems())
                    .isEmpty();
            assertThat(cluster.pods("background")).isEmpty();
        });
    }

    @Test
    void deletesInTheForegroundFromTheBottomUp() {
        cluster.namespace("foreground");
        cluster.client.resource(web("foreground", 2, "web:1")).create();
        eventually().until(() -> cluster.isRolledOut("foreground"));
        cluster.kubelet.lingering.add("web-");

        cluster.client
                .apps()
                .deployments()
                .inNamespace("foreground")
                .withName("web")
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods("foreground"))
                        .isNotEmpty()
                        .allMatch(pod -> pod.getMetadata().getDeletionTimestamp() != null));
        assertThat(cluster.deployment("foreground").getMetadata().getFinalizers())
                .contains("foregroundDeletion");

        cluster.kubelet.letGo();
        eventually()
                .until(() -> cluster.client
                                .apps()
                                .deployments()
                                .inNamespace("foreground")
                                .withName("web")
                                .get()
                        == null);
    }

    @Test
    void orphansStayWhenAskedTo() {
        cluster.namespace("orphans");
        ConfigMap owner = cluster.client.resource(configMap("orphans", "owner")).create();
        cluster.client.resource(ownedBy(owner, configMap("orphans", "owned"))).create();

        cluster.client
                .configMaps()
                .inNamespace("orphans")
                .withName("owner")
                .withPropagationPolicy(DeletionPropagation.ORPHAN)
                .delete();
        eventually()
                .until(() -> cluster.client
                                .configMaps()
                                .inNamespace("orphans")
                                .withName("owner")
                                .get()
                        == null);
        assertThat(cluster.client
                        .configMaps()
                        .inNamespace("orphans")
                        .withName("owned")
                        .require()
                        .getMetadata()
                        .getOwnerReferences())
                .isEmpty();
    }

    @Test
    void anOwnerOfTheSameNameIsNotTheSameOwner() {
        cluster.namespace("uids");
        ConfigMap owner = cluster.client.resource(configMap("uids", "owner")).create();
        ConfigMap impostor = new ConfigMapBuilder(owner)
                .editMetadata()
                .withUid("00000000-0000-4000-8000-000000000000")
                .endMetadata()
                .build();
        cluster.client.resource(ownedBy(owner, configMap("uids", "kept"))).create();
        cluster.client.resource(ownedBy(impostor, configMap("uids", "lost"))).create();

        eventually()
                .until(() -> cluster.client
                                .configMaps()
                                .inNamespace("uids")
                                .withName("lost")
                                .get()
                        == null);
        assertThat(cluster.client
                        .configMaps()
                        .inNamespace("uids")
                        .withName("kept")
                        .get())
                .isNotNull();
    }

    @Test
    void collectsWhatCustomResourcesOwnThoughTheirKindCameLater() {
        cluster.namespace("custom");
        cluster.create("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: parents.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Parent, plural: parents, singular: parent}
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                """);
        ResourceDefinitionContext parents = new ResourceDefinitionContext.Builder()
                .withGroup("example.com")
                .withVersion("v1")
                .withKind("Parent")
                .withPlural("parents")
                .withNamespaced(true)
                .build();
        GenericKubernetesResource parent = eventually()
                .ignoreException(KubernetesClientException.class)
                .until(
                        () -> cluster.client
                                .genericKubernetesResources(parents)
                                .inNamespace("custom")
                                .resource(new GenericKubernetesResourceBuilder()
                                        .withApiVersion("example.com/v1")
                                        .withKind("Parent")
                                        .withNewMetadata()
                                        .withName("parent")
                                        .endMetadata()
                                        .build())
                                .create(),
                        Objects::nonNull);
        cluster.client
                .resource(new ConfigMapBuilder(configMap("custom", "child"))
                        .editMetadata()
                        .addNewOwnerReference()
                        .withApiVersion("example.com/v1")
                        .withKind("Parent")
                        .withName("parent")
                        .withUid(parent.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();

        cluster.client
                .genericKubernetesResources(parents)
                .inNamespace("custom")
                .withName("parent")
                .delete();
        eventually()
                .until(() -> cluster.client
                                .configMaps()
                                .inNamespace("custom")
                                .withName("child")
                                .get()
                        == null);
    }

    @Test
    void everyNamespaceHasAServiceAccountAndTheCaAndEndsWithAllThatIsInIt() {
        cluster.namespace("whole");
        eventually().untilAsserted(() -> {
            assertThat(cluster.client
                            .serviceAccounts()
                            .inNamespace("whole")
                            .withName("default")
                            .get())
                    .isNotNull();
            assertThat(cluster.client
                            .configMaps()
                            .inNamespace("whole")
                            .withName("kube-root-ca.crt")
                            .require()
                            .getData()
                            .get("ca.crt"))
                    .startsWith("-----BEGIN CERTIFICATE-----");
        });
        cluster.client.resource(web("whole", 2, "web:1")).create();
        eventually().until(() -> cluster.isRolledOut("whole"));

        cluster.client.namespaces().withName("whole").delete();
        eventually().until(() -> cluster.client.namespaces().withName("whole").get() == null);
        assertThat(cluster.pods("whole")).isEmpty();
    }

    private static ConfigMap configMap(String namespace, String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withData(Map.of("a", "b"))
                .build();
    }

    private static ConfigMap ownedBy(ConfigMap owner, ConfigMap object) {
        return new ConfigMapBuilder(object)
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build();
    }
}
