package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletionTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private TestServer.Answer map(String name, String metadata) {
        return server.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\"" + metadata + "}}");
    }

    private void pod(String name) {
        server.post(PODS, """
                {"metadata":{"name":"%s"},"spec":{"containers":[{"name":"c","image":"i"}]}}""".formatted(name));
    }

    private void bind(String pod) {
        TestServer.Answer bound = server.post(PODS + "/" + pod + "/binding", """
                {"apiVersion":"v1","kind":"Binding","metadata":{"name":"%s"},"target":{"kind":"Node","name":"n1"}}""".formatted(pod));
        assertThat(bound.code()).isEqualTo(201);
    }

    @Test
    void removesAtOnceWhatNothingHolds() {
        String uid = map("plain", "").text("/metadata/uid");

        TestServer.Answer deleted = server.delete(MAPS + "/plain");

        assertThat(deleted.text("/status")).isEqualTo("Success");
        assertThat(deleted.text("/details/uid")).isEqualTo(uid);
        assertThat(server.get(MAPS + "/plain").code()).isEqualTo(404);
    }

    @Test
    void waitsForFinalizers() {
        map("held", ",\"finalizers\":[\"example.com/mine\"]");

        TestServer.Answer marked = server.delete(MAPS + "/held");
        TestServer.Answer added = server.patch(
                MAPS + "/held", "merge", "{\"metadata\":{\"finalizers\":[\"example.com/mine\",\"example.com/late\"]}}");
        TestServer.Answer released = server.patch(MAPS + "/held", "merge", "{\"metadata\":{\"finalizers\":null}}");

        assertThat(marked.text("/metadata/deletionTimestamp")).isNotEmpty();
        assertThat(added.code()).isEqualTo(422);
        assertThat(added.message()).contains("no new finalizers can be added if the object is being deleted");
        assertThat(released.code()).isEqualTo(200);
        assertThat(server.get(MAPS + "/held").code()).isEqualTo(404);
    }

    @Test
    void leavesDependentsToWhoeverCollectsGarbage() {
        map("front", "");
        map("orphaned", "");

        TestServer.Answer foreground =
                server.delete(MAPS + "/front", "{\"kind\":\"DeleteOptions\",\"propagationPolicy\":\"Foreground\"}");
        TestServer.Answer orphan = server.delete(MAPS + "/orphaned?propagationPolicy=Orphan");

        assertThat(foreground.text("/metadata/finalizers/0")).isEqualTo("foregroundDeletion");
        assertThat(orphan.text("/metadata/finalizers/0")).isEqualTo("orphan");
    }

    @Test
    void deletesOnlyTheObjectThatWasMeant() {
        map("meant", "");

        TestServer.Answer other = server.delete(
                MAPS + "/meant", "{\"preconditions\":{\"uid\":\"00000000-0000-0000-0000-000000000000\"}}");

        assertThat(other.code()).isEqualTo(409);
        assertThat(other.message()).contains("Precondition failed: UID in precondition: 00000000");
        assertThat(server.get(MAPS + "/meant").code()).isEqualTo(200);
    }

    @Test
    void givesRunningPodsTimeToEnd() {
        pod("graceful");
        bind("graceful");

        TestServer.Answer marked = server.delete(PODS + "/graceful");
        TestServer.Answer faster = server.delete(PODS + "/graceful?gracePeriodSeconds=5");
        TestServer.Answer confirmed = server.delete(PODS + "/graceful", "{\"gracePeriodSeconds\":0}");

        assertThat(marked.json().at("/metadata/deletionGracePeriodSeconds").asInt())
                .isEqualTo(30);
        assertThat(faster.json().at("/metadata/deletionGracePeriodSeconds").asInt())
                .isEqualTo(5);
        assertThat(confirmed.text("/status")).isEqualTo("Success");
        assertThat(server.get(PODS + "/graceful").code()).isEqualTo(404);
    }

    @Test
    void removesPodsThatNeverRanAtOnce() {
        pod("unscheduled");

        server.delete(PODS + "/unscheduled");

        assertThat(server.get(PODS + "/unscheduled").code()).isEqualTo(404);
    }

    @Test
    void bindsAPodOnce() {
        pod("bound");
        bind("bound");

        JsonNode bound = server.get(PODS + "/bound").json();
        TestServer.Answer again =
                server.post(PODS + "/bound/binding", "{\"target\":{\"kind\":\"Node\",\"name\":\"n2\"}}");

        assertThat(bound.at("/spec/nodeName").asText()).isEqualTo("n1");
        assertThat(bound.at("/status/conditions/0/type").asText()).isEqualTo("PodScheduled");
        assertThat(again.code()).isEqualTo(409);
    }

    @Test
    void endsNamespacesInTwoSteps() {
        server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"ending\"}}");

        TestServer.Answer marked = server.delete("/api/v1/namespaces/ending");
        TestServer.Answer late =
                server.post("/api/v1/namespaces/ending/configmaps", "{\"metadata\":{\"name\":\"late\"}}");
        ObjectNode emptied = marked.json().deepCopy();
        emptied.putObject("spec").putArray("finalizers");
        TestServer.Answer finalized = server.put("/api/v1/namespaces/ending/finalize", emptied.toString());

        assertThat(marked.text("/status/phase")).isEqualTo("Terminating");
        assertThat(late.code()).isEqualTo(403);
        assertThat(late.message())
                .isEqualTo(
                        "configmaps \"late\" is forbidden: unable to create new content in namespace ending because it"
                                + " is being terminated");
        assertThat(finalized.code()).isEqualTo(200);
        assertThat(server.get("/api/v1/namespaces/ending").code()).isEqualTo(404);
    }

    @Test
    void keepsTheNamespacesThatEveryClusterHas() {
        assertThat(server.delete("/api/v1/namespaces/default").message())
                .isEqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted");
    }

    @Test
    void deletesWhatASelectorSelects() {
        map("c1", ",\"labels\":{\"set\":\"x\"}");
        map("c2", ",\"labels\":{\"set\":\"x\"}");
        map("c3", ",\"labels\":{\"set\":\"y\"}");

        TestServer.Answer deleted = server.delete(MAPS + "?labelSelector=set%3Dx");

        assertThat(deleted.text("/kind")).isEqualTo("ConfigMapList");
        assertThat(deleted.json().path("items")).hasSize(2);
        assertThat(server.get(MAPS + "/c1").code()).isEqualTo(404);
        assertThat(server.get(MAPS + "/c3").code()).isEqualTo(200);
    }

    @Test
    void evictsUnlessABudgetForbids() {
        pod("evicted");
        TestServer.Answer evicted = server.post(
                PODS + "/evicted/eviction",
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"evicted\"}}");

        assertThat(evicted.code()).isEqualTo(201);
        assertThat(server.get(PODS + "/evicted").code()).isEqualTo(404);
    }

    @Test
    void keepsPodsThatABudgetNeeds() {
        String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
        server.post(PODS, """
                {"metadata":{"name":"needed","labels":{"app":"needed"}},
                 "spec":{"containers":[{"name":"c","image":"i"}]}}""");
        server.post(budgets, """
                {"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"needed"}}}}""");
        server.patch(budgets + "/b/status", "merge", """
                {"status":{"disruptionsAllowed":0,"desiredHealthy":1,"currentHealthy":1,"expectedPods":1}}""");

        TestServer.Answer refused = server.post(PODS + "/needed/eviction", "{\"metadata\":{\"name\":\"needed\"}}");

        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.message()).isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(server.get(PODS + "/needed").code()).isEqualTo(200);
    }
}
