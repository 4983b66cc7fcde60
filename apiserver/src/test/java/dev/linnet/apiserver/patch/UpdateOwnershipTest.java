package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.DEPLOYMENT;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.at;
import static dev.linnet.apiserver.patch.Writers.container;
import static dev.linnet.apiserver.patch.Writers.created;
import static dev.linnet.apiserver.patch.Writers.entryOf;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.managers;
import static dev.linnet.apiserver.patch.Writers.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class UpdateOwnershipTest {

    @Test
    void givesACreatorEverythingWithTheStructsThatARealServerShows() {
        ObjectNode web = created(
                WEB.replace("replicas: 3", "replicas: 3\n  strategy: {rollingUpdate: {maxSurge: 1}}"),
                "kubectl-create");

        assertThat(entryOf(web, "kubectl-create")).isEqualTo(yaml("""
                manager: kubectl-create
                operation: Update
                apiVersion: apps/v1
                time: '2026-01-01T00:00:00Z'
                fieldsType: FieldsV1
                fieldsV1:
                  f:metadata: {f:labels: {.: {}, f:app: {}}}
                  f:spec:
                    f:replicas: {}
                    f:strategy: {f:rollingUpdate: {.: {}, f:maxSurge: {}}}
                    f:template:
                      f:spec:
                        f:containers:
                          .: {}
                          'k:{"name":"app"}':
                            .: {}
                            f:name: {}
                            f:image: {}
                            f:ports:
                              .: {}
                              'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}}
                """));
    }

    @Test
    void movesChangedFieldsToTheWriter() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode scaled = update(web, live -> live.withObject("/spec").put("replicas", 9), "hpa", 5);

        assertThat(fieldsOf(scaled, "hpa")).isEqualTo(yaml("{f:spec: {f:replicas: {}}}"));
        assertThat(fieldsOf(scaled, "alice").path("f:spec").has("f:replicas")).isFalse();
    }

    @Test
    void takesRemovedFieldsFromEverybody() {
        ObjectNode web = apply(apply(NOTHING, WEB, "alice"), WEB, "bob");

        ObjectNode less = update(web, live -> live.withObject("/spec").remove("replicas"), "carol", 5);

        assertThat(fieldsOf(less, "alice").path("f:spec").has("f:replicas")).isFalse();
        assertThat(fieldsOf(less, "bob").path("f:spec").has("f:replicas")).isFalse();
        assertThat(managers(less)).isEqualTo("alice bob");
    }

    @Test
    void addsToWhatTheWriterOwnedBefore() {
        ObjectNode web = created("{apiVersion: apps/v1, metadata: {name: w}, spec: {replicas: 1}}", "carol");

        ObjectNode more = update(web, live -> live.withObject("/spec").put("paused", true), "carol", 5);

        assertThat(fieldsOf(more, "carol")).isEqualTo(yaml("{f:spec: {f:replicas: {}, f:paused: {}}}"));
        assertThat(entryOf(more, "carol").path("time").asText()).isEqualTo("2026-01-01T00:00:05Z");
    }

    @Test
    void changesNothingWhenNothingChanges() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        assertThat(update(web, _ -> {}, "carol", 5)).isEqualTo(web);
    }

    @Test
    void ignoresWhatTheServerWritesIntoMetadata() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode same = update(
                web,
                live -> live.withObject("/metadata").put("resourceVersion", "8").put("generation", 2),
                "carol",
                5);

        assertThat(managers(same)).isEqualTo("alice");
    }

    @Test
    void keepsStatusApartFromTheRest() {
        ObjectNode web = apply(NOTHING, WEB, "ctrl");
        ObjectNode after = web.deepCopy();
        after.withObject("/status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True");

        ObjectNode reported = FieldOwnership.afterUpdate(
                web, after, DEPLOYMENT, new Writer("ctrl", "status", "apps/v1", true, at(1)));

        JsonNode entries = reported.at("/metadata/managedFields");
        assertThat(entries).hasSize(2);
        assertThat(entries.path(1)).isEqualTo(yaml("""
                manager: ctrl
                operation: Update
                apiVersion: apps/v1
                time: '2026-01-01T00:00:01Z'
                fieldsType: FieldsV1
                fieldsV1:
                  f:status:
                    f:conditions: {.: {}, 'k:{"type":"Ready"}': {.: {}, f:type: {}, f:status: {}}}
                subresource: status
                """));
    }

    @Test
    void sortsAppliersFirstThenByTimeThenByName() {
        ObjectNode web = created(WEB, "zoe");
        web = update(web, live -> live.withObject("/metadata/labels").put("b", "1"), "bob", 5);
        web = update(web, live -> live.withObject("/metadata/labels").put("a", "1"), "ann", 5);
        web = apply(web, "{apiVersion: apps/v1, metadata: {labels: {x: '1'}}}", "zoe", 9);

        assertThat(managers(web)).isEqualTo("zoe zoe ann bob");
    }

    @Test
    void joinsTheOldestUpdatersOnceThereAreMoreThanTen() {
        ObjectNode web = created("{apiVersion: apps/v1, metadata: {name: w}, spec: {replicas: 0}}", "u0");
        for (int i = 1; i <= 12; i++) {
            String label = "l" + i;
            web = update(web, live -> live.withObject("/metadata/labels").put(label, "x"), "u" + i, i);
        }

        assertThat(managers(web)).isEqualTo("ancient-changes u4 u5 u6 u7 u8 u9 u10 u11 u12");
        assertThat(fieldsOf(web, "ancient-changes"))
                .isEqualTo(yaml(
                        "{f:metadata: {f:labels: {.: {}, f:l1: {}, f:l2: {}, f:l3: {}}}, f:spec: {f:replicas: {}}}"));
    }

    @Test
    void ownsElementsThatShareAKeyAsOne() {
        String twice =
                WEB.replace("[{containerPort: 80}]", "[{containerPort: 80, name: a}, {containerPort: 80, name: b}]");
        ObjectNode web = created(twice, "carol");

        assertThat(fieldsOf(web, "carol")
                        .at("/f:spec/f:template/f:spec/f:containers")
                        .path("k:{\"name\":\"app\"}")
                        .path("f:ports"))
                .isEqualTo(yaml("{.: {}, 'k:{\"containerPort\":80,\"protocol\":\"TCP\"}': {}}"));
        assertThat(container(update(web, live -> container(live).put("image", "app:2"), "dan", 1))
                        .path("ports"))
                .hasSize(2);
    }
}
