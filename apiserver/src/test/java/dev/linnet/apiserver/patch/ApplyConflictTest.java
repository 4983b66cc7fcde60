package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.DEPLOYMENT;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.assertThatFailure;
import static dev.linnet.apiserver.patch.Writers.at;
import static dev.linnet.apiserver.patch.Writers.created;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.force;
import static dev.linnet.apiserver.patch.Writers.managers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplyConflictTest {

    @Test
    void failWithTheFieldAndWhoOwnsIt() {
        ObjectNode web = created(WEB, "kubectl-client-side-apply");

        assertThatFailure(() -> apply(web, WEB.replace("replicas: 3", "replicas: 5"), "alice"))
                .hasMessage("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: "
                        + ".spec.replicas")
                .returns(409, ApiFailure::code)
                .returns("Conflict", ApiFailure::reason)
                .returns(
                        List.of(new ApiFailure.Cause(
                                "FieldManagerConflict",
                                "conflict with \"kubectl-client-side-apply\" using apps/v1",
                                ".spec.replicas")),
                        ApiFailure::causes);
    }

    @Test
    void areGroupedByOwner() {
        ObjectNode web = apply(NOTHING, "{apiVersion: apps/v1, metadata: {name: web}, spec: {replicas: 1}}", "zoe");
        web = apply(web, WEB.replace("replicas: 3", "paused: true"), "bob");

        ObjectNode live = web;
        assertThatFailure(() -> apply(live, WEB.replace("3", "5").replace("app:1", "app:2"), "alice"))
                .hasMessage("""
                        Apply failed with 2 conflicts: conflicts with "bob":
                        - .spec.template.spec.containers[name="app"].image
                        conflicts with "zoe":
                        - .spec.replicas""");
    }

    @Test
    void nameTheSubresourceThroughWhichAFieldWasWritten() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        ObjectNode scaled = web.deepCopy();
        scaled.withObject("/spec").put("replicas", 9);
        ObjectNode live = FieldOwnership.afterUpdate(
                web, scaled, DEPLOYMENT, new Writer("kubectl", "scale", "apps/v1", true, at(1)));

        assertThatFailure(() -> apply(live, WEB, "alice"))
                .hasMessage("Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" "
                        + "using apps/v1: .spec.replicas");
    }

    @Test
    void doNotAriseWhereTheValueIsTheSame() {
        ObjectNode web = apply(apply(NOTHING, WEB, "alice"), WEB, "bob");

        assertThat(fieldsOf(web, "bob")).isEqualTo(fieldsOf(web, "alice"));
    }

    @Test
    void doNotAriseWhereTheValueIsTheSameNumberInAnotherForm() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        web.withObject("/spec").put("replicas", 3L);

        assertThat(apply(web, WEB.replace("replicas: 3", "replicas: 3.0"), "bob")
                        .path("spec"))
                .isEqualTo(web.path("spec"));
    }

    @Test
    void areTakenOverByForce() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode taken = force(web, "{apiVersion: apps/v1, spec: {replicas: 5}}", "bob");

        assertThat(taken.path("spec").path("replicas").asInt()).isEqualTo(5);
        assertThat(fieldsOf(taken, "bob")).isEqualTo(yaml("{f:spec: {f:replicas: {}}}"));
        assertThat(fieldsOf(taken, "alice").path("f:spec").has("f:replicas")).isFalse();
        assertThat(fieldsOf(taken, "alice").path("f:spec").has("f:template")).isTrue();
    }

    @Test
    void letAnOwnerOfNothingVanish() {
        ObjectNode web = apply(NOTHING, "{apiVersion: apps/v1, metadata: {name: w}, spec: {replicas: 1}}", "alice");

        assertThat(managers(force(web, "{apiVersion: apps/v1, spec: {replicas: 2}}", "bob")))
                .isEqualTo("bob");
    }
}
