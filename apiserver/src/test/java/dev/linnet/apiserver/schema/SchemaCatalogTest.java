package dev.linnet.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.schema.Schema.ListType;
import org.junit.jupiter.api.Test;

class SchemaCatalogTest {
    private final SchemaCatalog catalog = SchemaCatalog.load();

    @Test
    void knowsContainersAsAListSharedByName() {
        Schema containers = at(kind("apps/v1", "Deployment"), "spec", "template", "spec", "containers");

        assertThat(containers.type()).isEqualTo("array");
        assertThat(containers.listType()).isEqualTo(ListType.MAP);
        assertThat(containers.listMapKeys()).containsExactly("name");
        assertThat(containers.patchStrategies()).containsExactly("merge");
        assertThat(containers.patchMergeKey()).contains("name");
    }

    @Test
    void mergesPortsByNumberButAppliesThemByNumberAndProtocol() {
        Schema ports = at(kind("v1", "Service"), "spec", "ports");

        assertThat(ports.patchMergeKey()).contains("port");
        assertThat(ports.listMapKeys()).containsExactly("port", "protocol");
        assertThat(at(ports.items().orElseThrow(), "protocol").defaultJson()).contains("\"TCP\"");
    }

    @Test
    void letsAPlaceOverruleTheTypeItUses() {
        Schema spec = at(kind("v1", "PersistentVolume"), "spec");

        assertThat(at(spec, "claimRef").atomicMap()).isFalse();
        assertThat(at(kind("v1", "PersistentVolumeClaim"), "spec", "dataSource").atomicMap())
                .isTrue();
    }

    @Test
    void keepsListsThatNobodySharesWhole() {
        Schema args = at(kind("v1", "Pod"), "spec", "initContainers")
                .items()
                .flatMap(container -> container.property("args"))
                .orElseThrow();

        assertThat(args.listType()).isEqualTo(ListType.ATOMIC);
        assertThat(args.patchStrategies()).isEmpty();
    }

    @Test
    void replacesTheStrategyOfADeploymentButKeepsItsKeys() {
        assertThat(at(kind("apps/v1", "Deployment"), "spec", "strategy").patchStrategies())
                .containsExactly("retainKeys");
        assertThat(at(kind("v1", "Pod"), "spec", "volumes").patchStrategies())
                .containsExactlyInAnyOrder("merge", "retainKeys");
    }

    @Test
    void resolvesTypesThatContainThemselves() {
        Schema schema = at(kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"), "spec", "versions");
        Schema node = at(schema.items().orElseThrow(), "schema", "openAPIV3Schema");
        for (int depth = 0; depth < 50; depth++) {
            node = at(node, "properties").values().orElseThrow();
        }

        assertThat(node.definition()).endsWith(".JSONSchemaProps");
        assertThat(at(node, "items").preservesUnknownFields()).isTrue();
    }

    @Test
    void knowsTheVersionsThatOldManifestsUse() {
        assertThat(at(kind("extensions/v1beta1", "Ingress"), "spec", "backend", "servicePort")
                        .format())
                .isEqualTo("int-or-string");
        assertThat(at(kind("networking.k8s.io/v1beta1", "IngressClass"), "spec", "controller")
                        .type())
                .isEqualTo("string");
        assertThat(kind("autoscaling/v2beta1", "HorizontalPodAutoscaler").properties())
                .contains("spec");
        assertThat(kind("autoscaling/v2beta2", "HorizontalPodAutoscaler").properties())
                .contains("spec");
    }

    @Test
    void findsOnlyKindsNotTheTypesWithinThem() {
        assertThat(catalog.find("v1", "PodSpec")).isEmpty();
        assertThat(catalog.find("apps/v1", "Canary")).isEmpty();
        assertThat(catalog.find("flagger.app/v1beta1", "Canary")).isEmpty();
        assertThat(catalog.find("policy/v1", "Eviction")).isPresent();
    }

    @Test
    void givesTheSameTypeWhereverItIsUsed() {
        assertThat(at(kind("v1", "Pod"), "spec").properties())
                .isSameAs(at(kind("v1", "Pod"), "spec").properties());
        assertThat(at(kind("apps/v1", "Deployment"), "spec", "template").definition())
                .isEqualTo("io.k8s.api.core.v1.PodTemplateSpec");
    }

    private Schema kind(String groupVersion, String kind) {
        return catalog.find(groupVersion, kind).orElseThrow();
    }

    private static Schema at(Schema schema, String... path) {
        Schema found = schema;
        for (String name : path) {
            found = found.property(name).orElseThrow();
        }
        return found;
    }
}
