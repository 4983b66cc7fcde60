package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BuiltInKindsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    static Stream<ResourceKind> kinds() {
        return BuiltInKinds.all().stream();
    }

    @Test
    void namesEachKindOnce() {
        assertThat(kinds().map(ResourceKind::qualifiedPlural)).doesNotHaveDuplicates();
        assertThat(kinds().map(ResourceKind::kind)).doesNotHaveDuplicates();
        assertThat(kinds().flatMap(kind -> kind.shortNames().stream())).doesNotHaveDuplicates();
    }

    @Test
    void usesTheNamesThatPeopleType() {
        assertThat(kinds().map(kind -> kind.qualifiedPlural() + " " + String.join(",", kind.shortNames())))
                .contains(
                        "pods po",
                        "services svc",
                        "endpoints ep",
                        "deployments.apps deploy",
                        "ingresses.networking.k8s.io ing",
                        "ingressclasses.networking.k8s.io ",
                        "endpointslices.discovery.k8s.io ",
                        "horizontalpodautoscalers.autoscaling hpa",
                        "poddisruptionbudgets.policy pdb",
                        "customresourcedefinitions.apiextensions.k8s.io crd,crds");
    }

    @Test
    void servesOldVersionsAfterTodays() {
        assertThat(kinds().flatMap(kind -> kind.otherVersions().stream()).map(ResourceKind.OtherVersion::groupVersion))
                .containsExactlyInAnyOrder(
                        "events.k8s.io/v1",
                        "autoscaling/v1",
                        "autoscaling/v2beta2",
                        "autoscaling/v2beta1",
                        "networking.k8s.io/v1beta1",
                        "extensions/v1beta1");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void survivesObjectsOfAnyShape(ResourceKind kind) {
        List<String> shapes = List.of(
                "{}",
                "{metadata: {}, spec: {}, status: {}}",
                "{metadata: 1, spec: 2, status: 3, data: 4, subsets: 5, endpoints: 6, ports: 7, rules: 8, roleRef: 9}",
                "{spec: {template: x, ports: [1, null], selector: y, rules: [a], containers: [{ports: z, env: [1]}]}}",
                "{spec: {template: {spec: {containers: [{resources: {limits: [1]}, env: {a: b}}], volumes: [x]}}}}",
                "{spec: {metrics: [{type: Resource}, {type: X}], versions: [{}], names: [], jobTemplate: []}}",
                "{status: {conditions: {}, containerStatuses: [{state: 1}], currentMetrics: {}}, subjects: [1]}");
        for (String shape : shapes) {
            ObjectNode object = Golden.yaml(shape);
            kind.rules().normalise(object);
            kind.rules().applyDefaults(object);
            kind.rules().validate(object);
            kind.rules().validateCreate(object);
            kind.rules().validateUpdate(Golden.yaml(shape), object);
            assertThat(kind.rules().cells(object, NOW))
                    .hasSameSizeAs(kind.rules().columns());
            assertThat(kind.rules().selectableFields(object))
                    .containsOnlyKeys(kind.rules().selectableFieldNames());
            MetadataRules.validate(kind, object);
        }
    }

    @Test
    void selectsEventsByWhatTheyAreAbout() {
        ObjectNode event =
                Golden.yaml("{kind: Event, involvedObject: {kind: Pod, name: web}, source: {component: kubelet}}");

        assertThat(Golden.kindOf(event).rules().selectableFields(event))
                .containsEntry("involvedObject.kind", "Pod")
                .containsEntry("involvedObject.name", "web")
                .containsEntry("involvedObject.uid", "")
                .containsEntry("source", "kubelet");
    }
}
