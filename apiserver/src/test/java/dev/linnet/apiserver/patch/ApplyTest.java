package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.DEPLOYMENT;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.assertThatFailure;
import static dev.linnet.apiserver.patch.Writers.at;
import static dev.linnet.apiserver.patch.Writers.entryOf;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.writer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import org.junit.jupiter.api.Test;

class ApplyTest {

    @Test
    void ownsTheLeavesOfNamedFieldsAndTheElementsOfListsAndMaps() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        assertThat(fieldsOf(web, "alice")).isEqualTo(yaml("""
                f:metadata: {f:labels: {f:app: {}}}
                f:spec:
                  f:replicas: {}
                  f:template:
                    f:spec:
                      f:containers:
                        'k:{"name":"app"}':
                          .: {}
                          f:name: {}
                          f:image: {}
                          f:ports:
                            'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}}
                """));
    }

    @Test
    void writesAnEntryAsARealServerDoes() {
        ObjectNode entry = entryOf(apply(NOTHING, WEB, "alice"), "alice");
        entry.remove("fieldsV1");

        assertThat(entry).isEqualTo(yaml("""
                {manager: alice, operation: Apply, apiVersion: apps/v1, time: '2026-01-01T00:00:00Z', fieldsType: FieldsV1}
                """));
    }

    @Test
    void ownsAtomicListsMapsAndSetElements() {
        ObjectNode web = apply(NOTHING, """
                apiVersion: apps/v1
                metadata: {name: web, finalizers: [b, a]}
                spec:
                  selector: {matchLabels: {app: web}}
                  template: {spec: {nodeSelector: {disk: ssd}, tolerations: [{key: a}]}}
                """, "alice");

        assertThat(fieldsOf(web, "alice")).isEqualTo(yaml("""
                f:metadata: {f:finalizers: {'v:"a"': {}, 'v:"b"': {}}}
                f:spec:
                  f:selector: {}
                  f:template: {f:spec: {f:nodeSelector: {}, f:tolerations: {}}}
                """));
    }

    @Test
    void ownsWhatNoSchemaNamesByMapEntriesAndWholeLists() {
        ObjectNode canary = FieldOwnership.afterApply(
                NOTHING,
                yaml("{apiVersion: x.dev/v1, metadata: {name: c}, spec: {analysis: {steps: [1, 2], empty: {}}}}"),
                TestSchema.named("Canary"),
                false,
                new Writer("alice", "", "x.dev/v1", false, at(0)));

        assertThat(fieldsOf(canary, "alice"))
                .isEqualTo(yaml("{f:spec: {f:analysis: {.: {}, f:steps: {}, f:empty: {}}}}"));
    }

    @Test
    void changesNothingWhenAppliedAgain() {
        ObjectNode web = apply(NOTHING, WEB, "alice", 0);

        assertThat(apply(web, WEB, "alice", 60)).isEqualTo(web);
    }

    @Test
    void setsTheTimeWhenSomethingChanges() {
        ObjectNode web = apply(NOTHING, WEB, "alice", 0);

        ObjectNode changed = apply(web, WEB.replace("app:1", "app:2"), "alice", 60);

        assertThat(entryOf(changed, "alice").path("time").asText()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void keepsWhatTheServerWroteIntoMetadata() {
        ObjectNode web = apply(NOTHING, WEB, "alice");
        web.withObject("/metadata").put("uid", "u1").put("resourceVersion", "7").put("creationTimestamp", "then");

        ObjectNode again =
                apply(web, WEB.replace("name: web,", "name: web, creationTimestamp: null, uid: u1,"), "alice");

        assertThat(again).isEqualTo(web);
    }

    @Test
    void refusesManagedFieldsInTheConfiguration() {
        assertThatFailure(() -> apply(NOTHING, "{metadata: {name: web, managedFields: []}}", "alice"))
                .hasMessage("metadata.managedFields must be nil")
                .returns(400, ApiFailure::code);
    }

    @Test
    void refusesElementsThatShareAKey() {
        String twice = WEB.replace("[{containerPort: 80}]", "[{containerPort: 80}, {containerPort: 80}]");

        assertThatFailure(() -> apply(NOTHING, twice, "alice"))
                .hasMessage("failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): "
                        + ".spec.template.spec.containers[name=\"app\"].ports: "
                        + "duplicate entries for key [containerPort=80,protocol=\"TCP\"]")
                .returns(400, ApiFailure::code);
    }

    @Test
    void refusesElementsWithoutAnyKey() {
        assertThatFailure(() -> apply(NOTHING, WEB.replace("name: app, ", ""), "alice"))
                .hasMessageContaining(".spec.template.spec.containers: element 0: associative list with keys has an "
                        + "element that omits all key fields [name]");
    }

    @Test
    void leavesItsArgumentsAlone() {
        ObjectNode live = apply(NOTHING, WEB, "alice");
        ObjectNode liveBefore = live.deepCopy();
        ObjectNode configuration = yaml(WEB.replace("app:1", "app:2"));
        ObjectNode configurationBefore = configuration.deepCopy();

        ObjectNode result = FieldOwnership.afterApply(live, configuration, DEPLOYMENT, true, writer("bob", 1));
        result.withObject("/spec/template/spec").removeAll();
        result.withObject("/metadata/labels").put("x", "y");

        assertThat(live).isEqualTo(liveBefore);
        assertThat(configuration).isEqualTo(configurationBefore);
    }
}
