package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonPathTest {
    private static final ObjectNode OBJECT = Golden.yaml("""
            metadata:
              annotations: {a.b/c: dotted}
            spec:
              x: 1
              list: [a, b, c]
              nothing: null
            status:
              conditions:
              - {type: Ready, status: "True", nested: {code: 5}}
              - {type: Old, status: "False"}
            """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".spec.x | 1",
                "{.spec.x} | 1",
                "$.spec.x | 1",
                ".spec['x'] | 1",
                ".metadata.annotations['a.b/c'] | dotted",
                ".metadata.annotations.a\\.b/c | dotted",
                ".spec.list[0] | a",
                ".spec.list[-1] | c",
                ".spec.list[*] | a b c",
                ".status.conditions[?(@.type==\"Ready\")].status | True",
                ".status.conditions[?(@.type=='Ready')].status | True",
                ".status.conditions[?(@.type!=\"Ready\")].status | False",
                ".status.conditions[?(@.nested.code==5)].type | Ready",
                ".status.conditions[*].type | Ready Old",
                ".spec.missing.deeper | ''",
                ".spec.nothing | ''",
                ".spec.list[9] | ''"
            })
    void findsWhatCrdAuthorsPointAt(String path, String expected) {
        assertThat(String.join(
                        " ",
                        JsonPath.parse(path).orElseThrow().find(OBJECT).stream()
                                .map(JsonNode::asText)
                                .toList()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {".spec[", ".spec..x", ".a[?(x)]", ".a[b]"})
    void doesNotGuessAtWhatItDoesNotUnderstand(String path) {
        assertThat(JsonPath.parse(path)).isEmpty();
    }
}
