package dev.linnet.kubernetes.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharingRulesTest {
    @TempDir
    private Path folder;

    private ObjectNode spec;

    @BeforeEach
    void givenATypeWithAList() throws IOException {
        spec = (ObjectNode) new ObjectMapper()
                .readTree("{\"properties\": {\"ports\": {\"type\": \"array\"}, \"name\": {\"type\": \"string\"}}}");
    }

    @Test
    void writesTheExtensionsOfEachLine() throws IOException {
        apply("""
                # A comment.
                [a.v1]
                Spec.ports  patch=merge,retainKeys:port  list=map:port,protocol
                Spec.name   default="web"
                Spec        map=atomic
                """);

        assertThat(spec).isEqualTo(new ObjectMapper().readTree("""
                {"properties": {
                    "ports": {
                        "type": "array",
                        "x-kubernetes-patch-strategy": "merge,retainKeys",
                        "x-kubernetes-patch-merge-key": "port",
                        "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["port", "protocol"]},
                    "name": {"type": "string", "default": "web"}},
                 "x-kubernetes-map-type": "atomic"}
                """));
    }

    @Test
    void saysWhichLineIsWrong() {
        assertThatThrownBy(() -> apply("[a.v1]\nSpec.port list=set")).hasMessage("rules.txt:2: Spec has no field port");
        assertThatThrownBy(() -> apply("[a.v1]\n\nStatus.ports list=set"))
                .hasMessage("rules.txt:3: a.v1.Status is no definition");
        assertThatThrownBy(() -> apply("[a.v1]\nSpec.name list=set")).hasMessageContaining("expected: array");
        assertThatThrownBy(() -> apply("[a.v1]\nSpec.name merge"))
                .hasMessage("rules.txt:2: merge is no rule (expected: patch=, list=, map= or default=)");
    }

    private void apply(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.txt"), text);
        SharingRules.read(file).applyTo(Map.of("a.v1.Spec", spec));
    }
}
