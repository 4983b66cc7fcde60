package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {a: 1}               | {op: add, path: /b, value: 2}                     | {a: 1, b: 2}
            {a: 1}               | {op: add, path: /a, value: {c: 2}}                | {a: {c: 2}}
            {a: [1, 3]}          | {op: add, path: /a/1, value: 2}                   | {a: [1, 2, 3]}
            {a: [1]}             | {op: add, path: /a/-, value: 2}                   | {a: [1, 2]}
            {a: [1]}             | {op: add, path: /a/1, value: 2}                   | {a: [1, 2]}
            {a: 1}               | {op: add, path: '', value: {b: 2}}                | {b: 2}
            {a: 1}               | {op: add, path: /a, value: null}                  | {a: null}
            {a: 1, b: 2}         | {op: remove, path: /a}                            | {b: 2}
            {a: [1, 2]}          | {op: remove, path: /a/0}                          | {a: [2]}
            {a: {b: 1}}          | {op: replace, path: /a/b, value: [7]}             | {a: {b: [7]}}
            {a: [1, 2]}          | {op: replace, path: /a/1, value: 3}               | {a: [1, 3]}
            {a: {b: 1}, c: {}}   | {op: move, from: /a/b, path: /c/d}                | {a: {}, c: {d: 1}}
            {a: [1, 2, 3]}       | {op: move, from: /a/0, path: /a/2}                | {a: [2, 3, 1]}
            {a: {b: 1}}          | {op: copy, from: /a, path: /c}                    | {a: {b: 1}, c: {b: 1}}
            {a: {b: 1}}          | {op: test, path: /a, value: {b: 1.0}}             | {a: {b: 1}}
            {a: 1}               | {op: test, path: /gone, value: null}              | {a: 1}
            {x/y: 1, m~n: 2}     | {op: remove, path: /x~1y}                         | {m~n: 2}
            {x/y: 1, m~n: 2}     | {op: remove, path: /m~0n}                         | {x/y: 1}
            {'': 1}              | {op: replace, path: /, value: 2}                  | {'': 2}
            """)
    void appliesOneOperation(String live, String operation, String expected) {
        assertThat(Patches.json(yaml(live), patch(operation))).isEqualTo(yaml(expected));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{op: test, path: /a/b, value: 2}",
                "{op: test, path: /gone, value: 2}",
                "{op: remove, path: /gone}",
                "{op: remove, path: ''}",
                "{op: remove, path: /list/2}",
                "{op: replace, path: /gone, value: 1}",
                "{op: add, path: /gone/x, value: 1}",
                "{op: add, path: /list/3, value: 1}",
                "{op: add, path: /list/01, value: 1}",
                "{op: add, path: /list/-1, value: 1}",
                "{op: add, path: /a}",
                "{op: add, path: a, value: 1}",
                "{op: add, path: '', value: 1}",
                "{op: move, from: /a, path: /a/b/c}",
                "{op: copy, from: /gone, path: /x}",
                "{op: rename, path: /a}",
                "{path: /a}",
            })
    void refusesAnOperationThatCannotBeDoneInTheWordsOfARealServer(String operation) {
        assertThatExceptionOfType(ApiFailure.class)
                .isThrownBy(() -> Patches.json(yaml("{a: {b: 1}, list: [1, 2]}"), patch(operation)))
                .withMessage("the server rejected our request due to an error in our request")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(422))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo("Invalid"));
    }

    @Test
    void appliesAllOrNothingAndLeavesItsArgumentsAlone() {
        ObjectNode live = yaml("{a: {b: 1}}");
        ArrayNode patch = patch("{op: add, path: /a/c, value: {d: 1}}", "{op: add, path: /a/c/e, value: 2}");
        ArrayNode failing = patch("{op: remove, path: /a}", "{op: test, path: /a, value: 1}");

        assertThat(Patches.json(live, patch)).isEqualTo(yaml("{a: {b: 1, c: {d: 1, e: 2}}}"));
        assertThatExceptionOfType(ApiFailure.class).isThrownBy(() -> Patches.json(live, failing));

        assertThat(live).isEqualTo(yaml("{a: {b: 1}}"));
        assertThat(patch.path(0)).isEqualTo(yaml("{op: add, path: /a/c, value: {d: 1}}"));
    }

    @Test
    void refusesCopiesOfCopiesThatWouldFillTheHeap() {
        ArrayNode patch = yaml("{all: []}").withArray("all");
        for (int i = 0; i < 40; i++) {
            patch.add(yaml("{op: copy, from: /a, path: /a/" + i + "}"));
        }

        assertThatExceptionOfType(ApiFailure.class)
                .isThrownBy(() -> Patches.json(yaml("{a: {text: some}}"), patch))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(422));
    }

    @Test
    void refusesMoreOperationsThanARealServer() {
        ArrayNode patch = yaml("{all: []}").withArray("all");
        for (int i = 0; i <= 10_000; i++) {
            patch.add(yaml("{op: test, path: /a, value: 1}"));
        }

        assertThatExceptionOfType(ApiFailure.class)
                .isThrownBy(() -> Patches.json(yaml("{a: 1}"), patch))
                .withMessage("The allowed maximum operations in a JSON patch is 10000, got 10001")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(413));
    }

    private static ArrayNode patch(String... operations) {
        ArrayNode patch = yaml("{all: []}").withArray("all");
        for (String operation : operations) {
            patch.add(yaml(operation));
        }
        return patch;
    }
}
