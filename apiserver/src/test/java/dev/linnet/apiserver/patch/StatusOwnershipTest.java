package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static dev.linnet.apiserver.patch.Writers.DEPLOYMENT;
import static dev.linnet.apiserver.patch.Writers.NOTHING;
import static dev.linnet.apiserver.patch.Writers.WEB;
import static dev.linnet.apiserver.patch.Writers.apply;
import static dev.linnet.apiserver.patch.Writers.at;
import static dev.linnet.apiserver.patch.Writers.entryOf;
import static dev.linnet.apiserver.patch.Writers.fieldsOf;
import static dev.linnet.apiserver.patch.Writers.managers;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class StatusOwnershipTest {

    @Test
    void isTheOnlyThingAppliedThroughItsSubresource() {
        ObjectNode web = apply(NOTHING, WEB, "alice");

        ObjectNode reported = FieldOwnership.afterApply(
                web,
                yaml(
                        "{apiVersion: apps/v1, metadata: {name: web, labels: {no: way}}, spec: {replicas: 99}, status: {replicas: 2}}"),
                DEPLOYMENT,
                true,
                new Writer("ctrl", "status", "apps/v1", true, at(1)));

        assertThat(reported.path("spec")).isEqualTo(web.path("spec"));
        assertThat(reported.at("/metadata/labels")).isEqualTo(web.at("/metadata/labels"));
        assertThat(reported.path("status")).isEqualTo(yaml("{replicas: 2}"));
        assertThat(fieldsOf(reported, "ctrl")).isEqualTo(yaml("{f:status: {f:replicas: {}}}"));
        assertThat(entryOf(reported, "ctrl").path("subresource").asText()).isEqualTo("status");
    }

    @Test
    void hasItsOwnEntryForOneManager() {
        ObjectNode web = apply(NOTHING, WEB, "ctrl");

        ObjectNode reported = FieldOwnership.afterApply(
                web,
                yaml("{status: {replicas: 2}}"),
                DEPLOYMENT,
                false,
                new Writer("ctrl", "status", "apps/v1", true, at(1)));

        assertThat(managers(reported)).isEqualTo("ctrl ctrl");
        assertThat(apply(reported, WEB, "ctrl", 9)).isEqualTo(reported);
    }

    @Test
    void keepsTheStoredObjectWhenOnlyTimesDiffer() {
        ObjectNode before = apply(NOTHING, WEB, "alice", 0);
        ObjectNode later = before.deepCopy();
        ((ObjectNode) later.at("/metadata/managedFields/0")).put("time", "2026-02-02T00:00:00Z");
        ObjectNode changed = later.deepCopy();
        changed.withObject("/spec").put("replicas", 4);

        assertThat(FieldOwnership.keepIfOnlyTimesDiffer(before, later)).isSameAs(before);
        assertThat(FieldOwnership.keepIfOnlyTimesDiffer(before, changed)).isSameAs(changed);
    }
}
