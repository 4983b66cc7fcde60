package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetadataRulesTest {

    @ParameterizedTest
    @CsvSource({
        "ConfigMap, a.b-c, true",
        "ConfigMap, A, false",
        "ConfigMap, a..b, false",
        "Namespace, a-b, true",
        "Namespace, a.b, false",
        "Service, a1, true",
        "Service, 1a, false",
        "ClusterRole, system:node, true",
        "ClusterRole, a/b, false"
    })
    void takesNamesAsTheKindHasThem(String kind, String name, boolean allowed) {
        ObjectNode object = Golden.yaml("{kind: " + kind + ", metadata: {name: \"" + name + "\"}}");
        if (Golden.kindOf(object).namespaced()) {
            Json.object(object, "metadata").put("namespace", "test");
        }

        assertThat(lines(object).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void wordsWrongMetadataAsARealServerDoes() {
        ObjectNode object = Golden.yaml("""
                kind: ConfigMap
                metadata:
                  namespace: test
                  labels: {"a/b/c": x}
                  annotations: {"Example.com/Ok": x, "/bad": y}
                  finalizers: [mine]
                  ownerReferences: [{apiVersion: v1, kind: Pod, name: x}]
                """);

        assertThat(lines(object))
                .containsExactly(
                        "metadata.name: Required value: name or generateName is required",
                        "metadata.labels: Invalid value: \"a/b/c\": a qualified name must consist of alphanumeric"
                                + " characters, '-', '_' or '.', and must start and end with an alphanumeric character"
                                + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                                + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and"
                                + " '/' (e.g. 'example.com/MyName')",
                        "metadata.annotations: Invalid value: \"/bad\": prefix part must be non-empty",
                        "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty",
                        "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor"
                                + " is it fully qualified");
    }

    @Test
    void refusesTwoControllersEventsAsOwnersAndContradictingFinalizers() {
        ObjectNode object = Golden.yaml("""
                kind: ConfigMap
                metadata:
                  name: a
                  namespace: test
                  finalizers: [orphan, foregroundDeletion, "a b"]
                  ownerReferences:
                  - {apiVersion: v1, kind: Pod, name: x, uid: u, controller: true}
                  - {apiVersion: v1, kind: Event, name: y, uid: v, controller: true}
                """);
        String owners = object.path("metadata").path("ownerReferences").toString();

        assertThat(lines(object))
                .containsExactly(
                        "metadata.ownerReferences: Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"y\","
                                + "\"uid\":\"v\",\"controller\":true}: /v1, Kind=Event is disallowed from being an owner",
                        "metadata.ownerReferences: Invalid value: " + owners
                                + ": Only one reference can have Controller set to true. Found \"true\" in references for"
                                + " Pod/x and Event/y",
                        "metadata.finalizers: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-',"
                                + " '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or"
                                + " 'my.name',  or '123-abc', regex used for validation is"
                                + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                        "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\",\"a b\"]: finalizer orphan and"
                                + " foregroundDeletion cannot be both set",
                        "metadata.finalizers[2]: Invalid value: \"a b\": name is neither a standard finalizer name nor is it"
                                + " fully qualified");
    }

    @ParameterizedTest
    @CsvSource({"web-, true", "-, false", "AB-, false", "web, true"})
    void takesPrefixesOfNamesThatEndInAHyphen(String prefix, boolean allowed) {
        ObjectNode object = Golden.yaml("{kind: ConfigMap, metadata: {name: a, namespace: b}}");
        Json.object(object, "metadata").put("generateName", prefix);

        assertThat(lines(object).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void limitsAnnotationsInAllToAQuarterOfAMegabyte() {
        ObjectNode object = Golden.yaml("{kind: ConfigMap, metadata: {name: a, namespace: b, annotations: {}}}");
        Json.object(object, "metadata", "annotations").put("a", "x".repeat(256 * 1024));

        assertThat(lines(object)).containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
    }

    private static List<String> lines(ObjectNode object) {
        return MetadataRules.validate(Golden.kindOf(object), object).stream()
                .map(FieldError::line)
                .toList();
    }
}
