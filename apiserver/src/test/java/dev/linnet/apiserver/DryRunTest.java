package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.TestServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code dryRun=All}: the answer is that of the real thing, and nothing happens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DryRunTest {
    private static final String DRY = "?dryRun=All";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer map(String name) {
        return server.post(MAPS, "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"1\"}}".formatted(name));
    }

    /** Asserts that an object is as it was. */
    private void unchanged(String path, Answer before) {
        assertThat(server.get(path).json()).isEqualTo(before.json());
    }

    @Test
    void createsNothing() {
        Answer made = server.post(MAPS + DRY, "{\"metadata\":{\"generateName\":\"dry-\"}}");
        Answer service = server.post("/api/v1/namespaces/default/services" + DRY, """
                {"metadata":{"name":"dry"},"spec":{"ports":[{"port":80}]}}""");

        assertThat(made.code()).isEqualTo(201);
        assertThat(made.text("/metadata/name")).startsWith("dry-").hasSize(9);
        assertThat(server.get(MAPS + "/" + made.text("/metadata/name")).code()).isEqualTo(404);
        assertThat(service.text("/spec/clusterIP")).startsWith("127.");
        assertThat(server.get("/api/v1/namespaces/default/services/dry").code()).isEqualTo(404);
        assertThat(server.post("/api/v1/namespaces" + DRY, "{\"metadata\":{\"name\":\"dry\"}}")
                        .code())
                .isEqualTo(201);
        assertThat(server.get("/api/v1/namespaces/dry").code()).isEqualTo(404);
    }

    @Test
    void changesNothing() {
        map("kept");
        String path = MAPS + "/kept";
        Answer before = server.get(path);

        Answer put = server.put(path + DRY, "{\"metadata\":{\"name\":\"kept\"},\"data\":{\"a\":\"2\"}}");
        Answer merged = server.patch(path + DRY, "merge", "{\"data\":{\"b\":\"2\"}}");
        Answer strategic = server.patch(path + DRY, "strategic-merge", "{\"data\":{\"a\":null}}");
        Answer patched = server.patch(path + DRY, "json", """
                [{"op":"replace","path":"/data/a","value":"3"}]""");
        Answer applied = server.patch(path + DRY + "&fieldManager=dry&force=true", "apply", "data: {a: '4'}");
        Answer appliedNew = server.patch(MAPS + "/fresh" + DRY + "&fieldManager=dry", "apply", "data: {a: '5'}");

        assertThat(put.text("/data/a")).isEqualTo("2");
        assertThat(merged.text("/data/b")).isEqualTo("2");
        assertThat(strategic.json().path("data").has("a")).isFalse();
        assertThat(patched.text("/data/a")).isEqualTo("3");
        assertThat(applied.text("/data/a")).isEqualTo("4");
        assertThat(appliedNew.code()).isEqualTo(201);
        assertThat(server.get(MAPS + "/fresh").code()).isEqualTo(404);
        unchanged(path, before);
    }

    @Test
    void changesNoSubresource() {
        server.post(DEPLOYMENTS, """
                {"metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{
                  "metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        String path = DEPLOYMENTS + "/web";
        Answer before = server.get(path);

        Answer scaled = server.patch(path + "/scale" + DRY, "merge", "{\"spec\":{\"replicas\":5}}");
        Answer reported = server.patch(path + "/status" + DRY, "merge", "{\"status\":{\"replicas\":4}}");

        assertThat(scaled.json().at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(reported.json().at("/status/replicas").asInt()).isEqualTo(4);
        unchanged(path, before);
    }

    @Test
    void movesNoPod() {
        server.post(
                PODS,
                "{\"metadata\":{\"name\":\"still\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        Answer before = server.get(PODS + "/still");

        Answer bound = server.post(PODS + "/still/binding" + DRY, """
                {"metadata":{"name":"still"},"target":{"kind":"Node","name":"node-1"}}""");
        Answer evicted = server.post(PODS + "/still/eviction" + DRY, "{\"metadata\":{\"name\":\"still\"}}");
        Answer deleted = server.delete(PODS + "/still", "{\"dryRun\":[\"All\"]}");

        assertThat(bound.code()).isEqualTo(201);
        assertThat(evicted.code()).isEqualTo(201);
        assertThat(deleted.code()).isEqualTo(200);
        unchanged(PODS + "/still", before);
    }

    @Test
    void deletesNothing() {
        map("one");
        Answer before = server.get(MAPS + "/one");

        assertThat(server.delete(MAPS + "/one" + DRY).code()).isEqualTo(200);
        assertThat(server.delete(MAPS + DRY).json().path("items")).isNotEmpty();
        assertThat(server.delete("/api/v1/namespaces/kube-node-lease" + DRY).code())
                .isEqualTo(200);

        unchanged(MAPS + "/one", before);
        assertThat(server.get("/api/v1/namespaces/kube-node-lease").text("/status/phase"))
                .isEqualTo("Active");
    }

    @Test
    void refusesWhatTheRealThingWouldRefuse() {
        map("there");

        assertThat(server.post(MAPS + DRY, "{\"metadata\":{\"name\":\"there\"}}")
                        .code())
                .isEqualTo(409);
        assertThat(server.delete(MAPS + "/missing" + DRY).code()).isEqualTo(404);
        assertThat(server.delete(MAPS + "/there", "{\"dryRun\":[\"All\"],\"preconditions\":{\"uid\":\"other\"}}")
                        .code())
                .isEqualTo(409);
        assertThat(server.post(MAPS + "?dryRun=some", "{\"metadata\":{\"name\":\"x\"}}")
                        .message())
                .isEqualTo("CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"some\": supported"
                        + " values: \"All\"");
    }
}
