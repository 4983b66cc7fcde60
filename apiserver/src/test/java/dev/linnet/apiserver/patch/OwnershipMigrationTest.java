package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.DEPLOYMENT;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.assertThatFailure;
import static dev.linnet.apiserver.patch.Writers.at;
import static dev.linnet.apiserver.patch.Writers.container;
import static dev.linnet.apiserver.patch.Writers.created;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.managers;
import static dev.linnet.apiserver.patch.Writers.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipMigrationTest {

    /** What kubectl apply --server-side does to objects that client-side apply made. */
    @Test
    void letsAClientMoveOwnershipByWritingManagedFields() {
        ObjectNode web = created(WEB, "kubectl-client-side-apply");

        ObjectNode moved = update(
                web,
                live -> {
                    ObjectNode entry = (ObjectNode) live.at("/metadata/managedFields/0");
                    entry.put("manager", "kubectl").put("operation", "Apply");
                },
                "kubectl",
                5);

        assertThat(managers(moved)).isEqualTo("kubectl");
        assertThat(fieldsOf(moved, "kubectl")).isEqualTo(fieldsOf(web, "kubectl-client-side-apply"));

        ObjectNode less = apply(moved, WEB.replace(", ports: [{containerPort: 80}]", ""), "kubectl", 9);
        assertThat(container(less)).isEqualTo(yaml("{name: app, image: 'app:1'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]"})
    void resetsOwnershipWithAnEmptyList(String empty) {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode reset = update(
                web,
                live -> live.withObject("/metadata")
                        .set("managedFields", yaml("{l: " + empty + "}").path("l")),
                "bob",
                5);

        assertThat(reset.path("metadata").has("managedFields")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{manager: x}]",
                "[{manager: x, operation: Steal, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {}}]",
                "[{manager: x, operation: Apply, apiVersion: v1, fieldsType: FieldsV2, fieldsV1: {}}]",
                "[{manager: x, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {q:a: {}}}]",
                "[{manager: x, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {'k:{': {}}}]",
                "[{manager: x, operation: Apply, apiVersion: v1, time: soon, fieldsType: FieldsV1, fieldsV1: {f:a: {}}}]",
            })
    void keepsOwnershipWhenAClientGarblesIt(String garbled) {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode kept = update(
                web,
                live -> live.withObject("/metadata")
                        .set("managedFields", yaml("{l: " + garbled + "}").path("l")),
                "bob",
                5);

        assertThat(kept).isEqualTo(web);
    }

    @Test
    void keepsOwnershipWhenAClientLeavesItOut() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        assertThat(update(web, live -> live.withObject("/metadata").remove("managedFields"), "bob", 5))
                .isEqualTo(web);
    }

    @Test
    void ignoresManagedFieldsWrittenThroughASubresource() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        ObjectNode after = web.deepCopy();
        after.withObject("/metadata").putArray("managedFields");

        assertThat(FieldOwnership.afterUpdate(
                        web, after, DEPLOYMENT, new Writer("c", "status", "apps/v1", true, at(1))))
                .isEqualTo(web);
    }

    @Test
    void doesNotTrackAnObjectUntilItIsAppliedForTheFirstTime() {
        ObjectNode untracked = yaml(WEB);

        assertThat(update(untracked, live -> live.withObject("/spec").put("replicas", 4), "bob", 1)
                        .path("metadata")
                        .has("managedFields"))
                .isFalse();
    }

    @Test
    void givesUntrackedFieldsAnOwnerBeforeTheFirstApply() {
        ObjectNode untracked = yaml(WEB + "status: {replicas: 3}\n");

        ObjectNode applied = apply(untracked, "{apiVersion: apps/v1, metadata: {labels: {tier: web}}}", "alice");

        assertThat(managers(applied)).isEqualTo("alice before-first-apply");
        assertThat(fieldsOf(applied, "before-first-apply").path("f:spec").has("f:replicas"))
                .isTrue();
        assertThat(fieldsOf(applied, "before-first-apply").has("f:status")).isFalse();
        assertThatFailure(() -> apply(untracked, WEB.replace("3", "4"), "alice"))
                .hasMessage(
                        "Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas");
    }

    @Test
    void letsKubectlTakeWhatItsClientSideApplySetAndNobodyChanged() {
        ObjectNode web = created(annotated(WEB), "some-old-kubectl");

        ObjectNode applied = apply(web, WEB.replace("replicas: 3", "replicas: 4"), "kubectl");

        assertThat(applied.path("spec").path("replicas").asInt()).isEqualTo(4);
        assertThat(applied.at("/metadata/annotations").toString())
                .contains("\\\"replicas\\\":4")
                .doesNotContain("\\\"replicas\\\":3");
        assertThatFailure(() -> apply(web, WEB.replace("replicas: 3", "replicas: 4"), "alice"))
                .hasMessageContaining("conflict with \"some-old-kubectl\"");
    }

    @Test
    void keepsKubectlFromTakingWhatSomebodyChangedSince() {
        ObjectNode web = created(annotated(WEB), "some-old-kubectl");
        ObjectNode scaled = update(web, live -> live.withObject("/spec").put("replicas", 7), "hpa", 5);

        assertThatFailure(() ->
                        apply(scaled, WEB.replace("replicas: 3", "replicas: 4").replace("app:1", "app:2"), "kubectl"))
                .hasMessage("Apply failed with 1 conflict: conflict with \"hpa\" using apps/v1: .spec.replicas");
    }

    private static String annotated(String manifest) {
        String last = yaml(manifest).toString().replace("'", "''");
        return manifest.replace(
                "labels:", "annotations: {kubectl.kubernetes.io/last-applied-configuration: '" + last + "'}, labels:");
    }
}
