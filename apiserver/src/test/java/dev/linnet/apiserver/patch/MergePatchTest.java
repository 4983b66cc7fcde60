package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    /** The examples of RFC 7386, Appendix A, whose target and patch are objects. */
    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {a: b}              | {a: c}                | {a: c}
            {a: b}              | {b: c}                | {a: b, b: c}
            {a: b}              | {a: null}             | {}
            {a: b, b: c}        | {a: null}             | {b: c}
            {a: [b]}            | {a: c}                | {a: c}
            {a: c}              | {a: [b]}              | {a: [b]}
            {a: {b: c}}         | {a: {b: d, c: null}}  | {a: {b: d}}
            {a: [{b: c}]}       | {a: [1]}              | {a: [1]}
            {e: null}           | {a: 1}                | {e: null, a: 1}
            {}                  | {a: {bb: {ccc: null}}} | {a: {bb: {}}}
            {a: [1]}            | {a: {b: 1, c: null}}  | {a: {b: 1}}
            {a: [1]}            | {a: [{b: null}]}      | {a: [{b: null}]}
            """)
    void mergesAsTheRfcSays(String live, String patch, String expected) {
        assertThat(Patches.merge(yaml(live), yaml(patch))).isEqualTo(yaml(expected));
    }

    @Test
    void leavesItsArgumentsAlone() {
        ObjectNode live = yaml("{a: {b: 1}}");
        ObjectNode patch = yaml("{a: {b: null, c: {d: 1}}}");

        Patches.merge(live, patch).withObject("/a/c").put("d", 2);

        assertThat(live).isEqualTo(yaml("{a: {b: 1}}"));
        assertThat(patch).isEqualTo(yaml("{a: {b: null, c: {d: 1}}}"));
    }
}
