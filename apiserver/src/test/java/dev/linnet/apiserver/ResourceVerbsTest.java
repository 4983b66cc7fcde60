package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceVerbsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
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

    private static String map(String name) {
        return """
               {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"a":"1"}}""".formatted(name);
    }

    private static String deployment(String name) {
        return """
               {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s"},
                "spec":{"selector":{"matchLabels":{"app":"%s"}},
                 "template":{"metadata":{"labels":{"app":"%s"}},
                  "spec":{"containers":[{"name":"c","image":"i:1"}]}}},
                "status":{"replicas":7}}""".formatted(name, name, name);
    }

    @Test
    void givesNewObjectsTheServersMetadata() {
        TestServer.Answer created = server.post(MAPS, map("fresh"));

        assertThat(created.code()).isEqualTo(201);
        assertThat(created.text("/metadata/uid")).hasSize(36);
        assertThat(created.text("/metadata/creationTimestamp")).endsWith("Z");
        assertThat(created.text("/metadata/namespace")).isEqualTo("default");
        assertThat(created.text("/metadata/resourceVersion")).matches("[0-9]+");
        assertThat(server.get(MAPS + "/fresh").json()).isEqualTo(created.json());
    }

    @Test
    void refusesASecondObjectOfTheSameName() {
        server.post(MAPS, map("twice"));

        TestServer.Answer again = server.post(MAPS, map("twice"));

        assertThat(again.code()).isEqualTo(409);
        assertThat(again.text("/reason")).isEqualTo("AlreadyExists");
        assertThat(again.message()).isEqualTo("configmaps \"twice\" already exists");
    }

    @Test
    void saysWhenAnObjectOfThatNameIsOnItsWayOut() {
        server.post(
                MAPS, map("held").replace("\"metadata\":{", "\"metadata\":{\"finalizers\":[\"example.com/hold\"],"));
        server.delete(MAPS + "/held");

        TestServer.Answer again = server.post(MAPS, map("held"));

        assertThat(again.code()).isEqualTo(409);
        assertThat(again.text("/reason")).isEqualTo("AlreadyExists");
        assertThat(again.message()).isEqualTo("object is being deleted: configmaps \"held\" already exists");
    }

    @Test
    void keepsNothingOfCollectionsThatHaveBecomeEmpty() {
        server.post(MAPS, map("emptied").replace("\"metadata\":{", "\"metadata\":{\"labels\":{\"x\":\"y\"},"));
        server.post(DEPLOYMENTS, deployment("emptied").replace("\"image\"", "\"env\":[{\"name\":\"A\"}],\"image\""));

        JsonNode map = server.patch(
                        MAPS + "/emptied", "merge", "{\"metadata\":{\"labels\":{\"x\":null}},\"data\":{\"a\":null}}")
                .json();
        JsonNode deployment = server.patch(
                        DEPLOYMENTS + "/emptied",
                        "json",
                        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/env/0\"}]")
                .json();

        assertThat(map.path("metadata").has("labels")).isFalse();
        assertThat(map.has("data")).isFalse();
        assertThat(deployment.at("/spec/template/spec/containers/0").has("env")).isFalse();
        assertThat(deployment.at("/spec/template/spec/containers/0/resources").isObject())
                .as("an empty object says something")
                .isTrue();
    }

    @Test
    void saysWhichObjectIsMissing() {
        TestServer.Answer missing = server.get(DEPLOYMENTS + "/nobody");

        assertThat(missing.code()).isEqualTo(404);
        assertThat(missing.message()).isEqualTo("deployments.apps \"nobody\" not found");
        assertThat(missing.text("/details/kind")).isEqualTo("deployments");
        assertThat(missing.text("/details/group")).isEqualTo("apps");
    }

    @Test
    void makesUpNamesFromAPrefix() {
        String body = map("x").replace("\"name\":\"x\"", "\"generateName\":\"job-\"");

        String name = server.post(MAPS, body).text("/metadata/name");

        assertThat(name).matches("job-[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void storesNothingOnADryRun() {
        assertThat(server.post(MAPS + "?dryRun=All", map("dry")).code()).isEqualTo(201);

        assertThat(server.get(MAPS + "/dry").code()).isEqualTo(404);
    }

    @Test
    void refusesObjectsInANamespaceThatIsMissing() {
        TestServer.Answer answer = server.post("/api/v1/namespaces/nowhere/configmaps", map("a"));

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.message()).isEqualTo("namespaces \"nowhere\" not found");
    }

    @Test
    void ignoresStatusOnTheMainResourceAndEverythingElseOnStatus() {
        TestServer.Answer created = server.post(DEPLOYMENTS, deployment("parts"));
        assertThat(created.json().at("/status/replicas").isMissingNode()).isTrue();
        assertThat(created.json().at("/metadata/generation").asInt()).isEqualTo(1);

        ObjectNode changed = created.json().deepCopy();
        changed.putObject("status").put("replicas", 3).put("observedGeneration", 1);
        ((ObjectNode) changed.path("spec")).put("replicas", 9);
        JsonNode after =
                server.put(DEPLOYMENTS + "/parts/status", changed.toString()).json();

        assertThat(after.at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(after.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(after.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void countsGenerationsOnlyWhenTheSpecChanges() {
        server.post(DEPLOYMENTS, deployment("counted"));

        JsonNode labelled = server.patch(DEPLOYMENTS + "/counted", "merge", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                .json();
        JsonNode scaled = server.patch(DEPLOYMENTS + "/counted", "merge", "{\"spec\":{\"replicas\":4}}")
                .json();

        assertThat(labelled.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(scaled.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void refusesAWriteThatWasMadeForAnOlderVersion() {
        ObjectNode first = server.post(MAPS, map("raced")).json().deepCopy();
        server.patch(MAPS + "/raced", "merge", "{\"data\":{\"a\":\"2\"}}");

        first.putObject("data").put("a", "3");
        TestServer.Answer late = server.put(MAPS + "/raced", first.toString());

        assertThat(late.code()).isEqualTo(409);
        assertThat(late.message())
                .isEqualTo("Operation cannot be fulfilled on configmaps \"raced\": the object has been modified; please"
                        + " apply your changes to the latest version and try again");
    }

    @Test
    void keepsTheVersionWhenAWriteChangesNothing() {
        TestServer.Answer created = server.post(DEPLOYMENTS, deployment("same"));

        TestServer.Answer put = server.put(DEPLOYMENTS + "/same", deployment("same"));
        TestServer.Answer patched = server.patch(DEPLOYMENTS + "/same", "merge", "{\"spec\":{\"replicas\":1}}");

        assertThat(put.text("/metadata/resourceVersion")).isEqualTo(created.text("/metadata/resourceVersion"));
        assertThat(patched.text("/metadata/resourceVersion")).isEqualTo(created.text("/metadata/resourceVersion"));
    }

    @Test
    void appliesServerSideAndReportsConflicts() {
        String mine = map("applied").replace("\"1\"", "\"mine\"");
        TestServer.Answer created = server.patch(MAPS + "/applied?fieldManager=me", "apply", mine);
        TestServer.Answer again = server.patch(MAPS + "/applied?fieldManager=me", "apply", mine);
        TestServer.Answer other =
                server.patch(MAPS + "/applied?fieldManager=you", "apply", mine.replace("mine", "yours"));
        TestServer.Answer forced =
                server.patch(MAPS + "/applied?fieldManager=you&force=true", "apply", mine.replace("mine", "yours"));

        assertThat(created.code()).isEqualTo(201);
        assertThat(again.text("/metadata/resourceVersion")).isEqualTo(created.text("/metadata/resourceVersion"));
        assertThat(other.code()).isEqualTo(409);
        assertThat(other.text("/details/causes/0/field")).isEqualTo(".data.a");
        assertThat(forced.text("/data/a")).isEqualTo("yours");
    }

    @Test
    void createsButNeverChangesByAConfigurationOfAVersionThatNobodyHas() {
        String mine = map("once").replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"1\",");

        TestServer.Answer created = server.patch(MAPS + "/once?fieldManager=me&force=true", "apply", mine);
        TestServer.Answer again = server.patch(MAPS + "/once?fieldManager=me&force=true", "apply", mine);

        assertThat(created.code()).isEqualTo(201);
        assertThat(again.code()).isEqualTo(409);
        assertThat(again.message()).contains("the object has been modified");
    }

    @Test
    void takesConfigurationsInYaml() {
        String flow = "{apiVersion: v1, kind: ConfigMap, metadata: {name: yaml}, data: {a: flow}}";
        String block = "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: block\n";

        assertThat(server.patch(MAPS + "/yaml?fieldManager=me", "apply", flow).text("/data/a"))
                .isEqualTo("flow");
        assertThat(server.patch(MAPS + "/yaml?fieldManager=me", "apply", block).text("/data/a"))
                .isEqualTo("block");
    }

    @Test
    void refusesUnknownFieldsWhenStrictAndWarnsOtherwise() {
        String wrong = map("fields").replace("\"data\"", "\"dota\":{},\"data\"");

        TestServer.Answer strict = server.post(MAPS + "?fieldValidation=Strict", wrong);
        TestServer.Answer warned = server.post(MAPS, wrong);

        assertThat(strict.code()).isEqualTo(400);
        assertThat(strict.message()).endsWith("strict decoding error: unknown field \"dota\"");
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.warnings()).containsExactly("299 - \"unknown field \\\"dota\\\"\"");
        assertThat(warned.json().has("dota")).isFalse();
    }

    @Test
    void remembersWhoAppliesTheNumberOfReplicas() {
        server.post(DEPLOYMENTS + "?fieldManager=author", deployment("applied"));
        String path = DEPLOYMENTS + "/applied/scale?fieldManager=pilot";
        String scale = "{apiVersion: autoscaling/v1, kind: Scale, spec: {replicas: 7}}";

        assertThat(server.patch(path, "apply", scale).message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"author\" using apps/v1: .spec.replicas");
        assertThat(server.patch(path + "&force=true", "apply", scale).text("/spec/replicas"))
                .isEqualTo("7");

        JsonNode entry = server.get(DEPLOYMENTS + "/applied")
                .json()
                .at("/metadata/managedFields")
                .valueStream()
                .filter(each -> each.path("manager").asText().equals("pilot"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.path("operation").asText()).isEqualTo("Apply");
        assertThat(entry.path("subresource").asText()).isEqualTo("scale");
        assertThat(entry.path("fieldsV1").toString()).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
    }

    @Test
    void scalesByItsOwnSmallObject() {
        server.post(DEPLOYMENTS, deployment("scaled"));

        TestServer.Answer scale = server.patch(DEPLOYMENTS + "/scaled/scale", "merge", "{\"spec\":{\"replicas\":5}}");

        assertThat(scale.text("/kind")).isEqualTo("Scale");
        assertThat(scale.text("/apiVersion")).isEqualTo("autoscaling/v1");
        assertThat(scale.text("/status/selector")).isEqualTo("app=scaled");
        assertThat(server.get(DEPLOYMENTS + "/scaled")
                        .json()
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void selectsByLabelsAndFields() {
        server.post(MAPS, labelled("l1", "red", "1"));
        server.post(MAPS, labelled("l2", "blue", "5"));
        server.post(MAPS, labelled("l3", "green", "9"));

        assertThat(names("labelSelector=colour%3Dred")).containsExactly("l1");
        assertThat(names("labelSelector=colour%20in%20(red,blue)")).containsExactly("l1", "l2");
        assertThat(names("labelSelector=colour,colour%20notin%20(red,blue)")).containsExactly("l3");
        assertThat(names("labelSelector=size%3E4")).containsExactly("l2", "l3");
        assertThat(names("labelSelector=colour!%3Dred,size")).containsExactly("l2", "l3");
        assertThat(names("fieldSelector=metadata.name%3Dl2")).containsExactly("l2");
        assertThat(server.get(MAPS + "?labelSelector=a%20b").code()).isEqualTo(400);
        assertThat(server.get(MAPS + "?fieldSelector=data.a%3D1").message())
                .isEqualTo("\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    private static String labelled(String name, String colour, String size) {
        return map(name)
                .replace(
                        "\"metadata\":{",
                        "\"metadata\":{\"labels\":{\"colour\":\"" + colour + "\",\"size\":\"" + size + "\"},");
    }

    private List<String> names(String query) {
        return server.get(MAPS + "?" + query).json().path("items").findValuesAsText("name");
    }

    @Test
    void namesWhatIsWrongWithAnObject() {
        TestServer.Answer answer = server.post(MAPS, map("Not Valid"));

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.text("/reason")).isEqualTo("Invalid");
        assertThat(answer.message())
                .startsWith(
                        "ConfigMap \"Not Valid\" is invalid: metadata.name: Invalid value: \"Not Valid\": a lowercase"
                                + " RFC 1123 subdomain must consist of");
        assertThat(answer.text("/details/causes/0/field")).isEqualTo("metadata.name");
    }
}
