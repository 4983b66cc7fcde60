package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergeTest {
    private static final Schema POD = TestSchema.named("PodSpec");
    private static final Schema META = TestSchema.named("ObjectMeta");

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {labels: {a: x, b: y}}     | {labels: {b: null, c: z}}                        | {labels: {a: x, c: z}}
            {labels: {a: x}}           | {labels: {$patch: replace, b: y}}                | {labels: {b: y}}
            {labels: {a: x}}           | {labels: {$patch: delete}}                       | {labels: {}}
            {labels: {a: x}}           | {labels: {$patch: merge, b: y}}                  | {labels: {a: x, b: y}}
            {labels: {a: x}}           | {$patch: replace, name: n}                       | {name: n}
            {name: n}                  | {labels: {a: x, b: null}}                        | {name: n, labels: {a: x}}
            {name: n}                  | {labels: {$patch: delete}}                       | {name: n}
            {finalizers: [a, b]}       | {finalizers: [c]}                                | {finalizers: [c, a, b]}
            {finalizers: [a, b]}       | {finalizers: [b]}                                | {finalizers: [a, b]}
            {finalizers: [a, b, c]}    | {$deleteFromPrimitiveList/finalizers: [b, d]}    | {finalizers: [a, c]}
            {name: n}                  | {$deleteFromPrimitiveList/finalizers: [b]}       | {name: n}
            {finalizers: [a, b]}       | {$setElementOrder/finalizers: [b, a]}            | {finalizers: [b, a]}
            {finalizers: [a, b]}       | {$setElementOrder/finalizers: [c, a], finalizers: [c]} | {finalizers: [c, a, b]}
            {finalizers: [x, a, b]}    | {$setElementOrder/finalizers: [b, a]}            | {finalizers: [x, b, a]}
            {name: n}                  | {name: {a: 1}}                                   | {name: {a: 1}}
            """)
    void mergesMapsAndPrimitiveLists(String live, String patch, String expected) {
        assertThat(Patches.strategic(yaml(live), yaml(patch), META)).isEqualTo(yaml(expected));
    }

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{name: a, image: x}]              | {containers: [{name: a, image: y}]}                     | [{name: a, image: y}]
            [{name: a, image: x}]              | {containers: [{name: a, image: null, args: [q]}]}       | [{name: a, args: [q]}]
            [{name: a, args: [p, q]}]          | {containers: [{name: a, args: [r]}]}                    | [{name: a, args: [r]}]
            [{name: a}, {name: b}]             | {containers: [{name: c, image: z}]}                     | [{name: c, image: z}, {name: a}, {name: b}]
            [{name: a}, {name: b}]             | {$setElementOrder/containers: [{name: a}, {name: b}, {name: c}], containers: [{name: c}]} | [{name: a}, {name: b}, {name: c}]
            [{name: a}, {name: b}]             | {$setElementOrder/containers: [{name: b}, {name: a}]}   | [{name: b}, {name: a}]
            [{name: s}, {name: a}, {name: t}]  | {$setElementOrder/containers: [{name: n}, {name: a}], containers: [{name: n}]} | [{name: n}, {name: s}, {name: a}, {name: t}]
            [{name: a}, {name: b}]             | {containers: [{name: a, $patch: delete}]}               | [{name: b}]
            [{name: a}, {name: b}]             | {containers: [{$patch: replace}, {name: c}]}            | [{name: c}]
            [{name: a, env: [{name: e, value: '1'}]}] | {containers: [{name: a, env: [{name: e, value: '2'}]}]} | [{name: a, env: [{name: e, value: '2'}]}]
            [{name: a, env: [{name: e}, {name: f}]}]  | {containers: [{name: a, env: [{name: e, $patch: delete}]}]} | [{name: a, env: [{name: f}]}]
            [{name: a, ports: [{containerPort: 80, name: x}]}] | {containers: [{name: a, ports: [{containerPort: 80, name: y}]}]} | [{name: a, ports: [{containerPort: 80, name: y}]}]
            [{name: a}]                        | {containers: [{name: a, $patch: merge, image: i}]}      | [{name: a, image: i}]
            """)
    void mergesListsByTheirKey(String live, String patch, String expected) {
        ObjectNode before = yaml("{serviceAccountName: s, containers: " + live + "}");
        ObjectNode after = yaml("{serviceAccountName: s, containers: " + expected + "}");

        assertThat(Patches.strategic(before, yaml(patch), POD)).isEqualTo(after);
    }

    @Test
    void replacesListsThatHaveNoStrategy() {
        ObjectNode live = yaml("{tolerations: [{key: a}, {key: b}]}");

        assertThat(Patches.strategic(live, yaml("{tolerations: [{key: c}]}"), POD))
                .isEqualTo(yaml("{tolerations: [{key: c}]}"));
    }

    @Test
    void replacesMapsWhoseStrategyIsReplace() {
        ObjectNode live = yaml("{spec: {selector: {a: x}}}");

        assertThat(Patches.strategic(live, yaml("{spec: {selector: {b: y}}}"), TestSchema.named("Budget")))
                .isEqualTo(yaml("{spec: {selector: {b: y}}}"));
    }

    @Test
    void clearsWhatRetainKeysDoesNotName() {
        ObjectNode live = yaml("{volumes: [{name: v, emptyDir: {}}]}");
        ObjectNode patch = yaml("{volumes: [{name: v, $retainKeys: [name, configMap], configMap: {name: c}}]}");

        assertThat(Patches.strategic(live, patch, POD)).isEqualTo(yaml("{volumes: [{name: v, configMap: {name: c}}]}"));
    }

    /** The patch that kubectl apply sends when a strategy goes from RollingUpdate to Recreate. */
    @Test
    void switchesAStrategyAsKubectlAsksForIt() {
        ObjectNode live =
                yaml("{spec: {replicas: 2, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}}}");
        ObjectNode patch = yaml("{spec: {strategy: {$retainKeys: [type], rollingUpdate: null, type: Recreate}}}");

        assertThat(Patches.strategic(live, patch, TestSchema.named("Deployment")))
                .isEqualTo(yaml("{spec: {replicas: 2, strategy: {type: Recreate}}}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {containers: [{image: i, args: [p]}]}                        | map: map[args:[p] image:i] does not contain declared merge key: name
            {containers: [{name: a, $patch: merge-ish}]}                 | unknown patch type: merge-ish in map: map[$patch:merge-ish name:a]
            {$patch: swap}                                               | unknown patch type: swap in map: map[$patch:swap]
            {$deleteFromPrimitiveList/finalizers: a}                     | invalid patch format of primitive list
            {$retainKeys: [containers], volumes: []}                     | invalid patch format of retainKeys
            {$setElementOrder/containers: {}}                            | invalid patch format of setElementOrder list
            """)
    void refusesMalformedPatchesInTheWordsOfARealServer(String patch, String message) {
        assertThatExceptionOfType(ApiFailure.class)
                .isThrownBy(() -> Patches.strategic(yaml("{containers: [{name: a}]}"), yaml(patch), POD))
                .withMessage(message)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(400));
    }

    @Test
    void refusesAnElementThatTheOrderDoesNotName() {
        ObjectNode live = yaml("{finalizers: [a]}");
        ObjectNode patch = yaml("{$setElementOrder/finalizers: [a, b], finalizers: [c]}");

        assertThatExceptionOfType(ApiFailure.class)
                .isThrownBy(() -> Patches.strategic(live, patch, META))
                .withMessageContaining("The order in patch list:\n[c]\n doesn't match $setElementOrder list:\n[a b]");
    }

    @Test
    void leavesItsArgumentsAlone() {
        ObjectNode live = yaml("{containers: [{name: a, env: [{name: e, value: '1'}]}]}");
        ObjectNode patch = yaml("{containers: [{name: a, env: [{name: e, value: null}, {name: f}]}]}");

        ObjectNode result = Patches.strategic(live, patch, POD);
        result.withObject("/containers/0")
                .put("name", "changed")
                .withArray("env")
                .removeAll();

        assertThat(live).isEqualTo(yaml("{containers: [{name: a, env: [{name: e, value: '1'}]}]}"));
        assertThat(patch).isEqualTo(yaml("{containers: [{name: a, env: [{name: e, value: null}, {name: f}]}]}"));
    }
}
