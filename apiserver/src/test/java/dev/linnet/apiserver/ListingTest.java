package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListingTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String maps(String namespace, int count) {
        server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        String maps = "/api/v1/namespaces/" + namespace + "/configmaps";
        for (int i = 0; i < count; i++) {
            server.post(maps, "{\"metadata\":{\"name\":\"m" + i + "\",\"labels\":{\"all\":\"yes\"}}}");
        }
        return maps;
    }

    private static List<String> names(JsonNode list) {
        return list.path("items").findValuesAsText("name");
    }

    @Test
    void pagesOverOneMomentWhateverHappensMeanwhile() {
        String maps = maps("paged", 5);

        JsonNode first = server.get(maps + "?limit=2").json();
        server.delete(maps + "/m3");
        server.post(maps, "{\"metadata\":{\"name\":\"m9\"}}");
        JsonNode second = server.get(maps + "?limit=2&continue="
                        + first.at("/metadata/continue").asText())
                .json();
        JsonNode third = server.get(maps + "?limit=2&continue="
                        + second.at("/metadata/continue").asText())
                .json();

        assertThat(names(first)).containsExactly("m0", "m1");
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        assertThat(names(second)).containsExactly("m2", "m3");
        assertThat(names(third)).containsExactly("m4");
        assertThat(third.at("/metadata/continue").isMissingNode()).isTrue();
        assertThat(third.at("/metadata/resourceVersion")).isEqualTo(first.at("/metadata/resourceVersion"));
        assertThat(server.get(maps + "?continue=nonsense").code()).isEqualTo(400);
    }

    @Test
    void listsAllNamespacesInOrder() {
        maps("list-b", 1);
        maps("list-a", 1);

        List<String> places =
                server.get("/api/v1/configmaps?labelSelector=all%3Dyes").json().findValuesAsText("namespace");

        assertThat(places).isSorted().contains("list-a", "list-b");
    }

    @Test
    void printsRowsAsPeopleKnowThem() {
        String maps = maps("printed", 1);

        JsonNode table = server.get(maps, TABLE).json();
        JsonNode single = server.get(maps + "/m0?includeObject=Object", TABLE).json();

        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.at("/columnDefinitions").findValuesAsText("name")).containsExactly("Name", "Data", "Age");
        assertThat(table.at("/rows/0/cells/0").asText()).isEqualTo("m0");
        assertThat(table.at("/rows/0/cells/2").asText()).matches("\\d+s");
        assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
        assertThat(single.at("/rows/0/object/kind").asText()).isEqualTo("ConfigMap");
    }

    @Test
    void showsMetadataOnly() {
        String maps = maps("partial", 1);

        JsonNode list = server.get(maps, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
                .json();

        assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("m0");
        assertThat(list.at("/items/0/kind").asText()).isEqualTo("PartialObjectMetadata");
    }

    @Test
    void describesItselfInOneDocument() {
        TestServer.Answer groups = server.get("/apis", AGGREGATED);
        JsonNode apps = named(groups.json().path("items"), "apps");
        JsonNode deployments = byField(apps.at("/versions/0/resources"), "resource", "deployments");

        assertThat(groups.response().headers().firstValue("Content-Type"))
                .hasValue("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        assertThat(deployments.at("/responseKind/kind").asText()).isEqualTo("Deployment");
        assertThat(deployments.at("/shortNames/0").asText()).isEqualTo("deploy");
        assertThat(byField(deployments.path("subresources"), "subresource", "scale")
                        .at("/responseKind/group")
                        .asText())
                .isEqualTo("autoscaling");
    }

    @Test
    void describesItselfToOlderClients() {
        assertThat(server.get("/api").json().at("/versions/0").asText()).isEqualTo("v1");
        assertThat(named(server.get("/apis").json().path("groups"), "apps")
                        .at("/preferredVersion/groupVersion")
                        .asText())
                .isEqualTo("apps/v1");
        assertThat(server.get("/apis/apps")
                        .json()
                        .at("/preferredVersion/version")
                        .asText())
                .isEqualTo("v1");
        JsonNode resources = server.get("/apis/apps/v1").json().path("resources");
        assertThat(byField(resources, "name", "deployments/scale").path("kind").asText())
                .isEqualTo("Scale");
        assertThat(server.get("/apis/nothing").code()).isEqualTo(404);
    }

    private static JsonNode named(JsonNode items, String name) {
        for (JsonNode item : items) {
            if (item.at("/metadata/name").asText(item.path("name").asText()).equals(name)
                    || item.path("name").asText().equals(name)) {
                return item;
            }
        }
        throw new AssertionError(name + " is not in " + items);
    }

    private static JsonNode byField(JsonNode items, String field, String value) {
        for (JsonNode item : items) {
            if (item.path(field).asText().equals(value)) {
                return item;
            }
        }
        throw new AssertionError(value + " is not in " + items);
    }

    @Test
    void saysWhatTheAdministratorMayDo() {
        JsonNode review = server.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """
                        {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview",
                         "spec":{"resourceAttributes":{"verb":"delete","resource":"pods","namespace":"default"}}}""")
                .json();
        JsonNode other = server.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", """
                        {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview",
                         "spec":{"user":"jane","resourceAttributes":{"verb":"get","resource":"pods"}}}""")
                .json();
        JsonNode self = server.post(
                        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}")
                .json();

        assertThat(review.at("/status/allowed").asBoolean()).isTrue();
        assertThat(other.at("/status/allowed").asBoolean()).isFalse();
        assertThat(self.at("/status/userInfo/groups/0").asText()).isEqualTo("system:masters");
    }

    @Test
    void refusesParametersThatContradictEachOther() {
        String maps = "/api/v1/configmaps";

        assertThat(server.get(maps + "?resourceVersionMatch=Exact").message())
                .isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                        + " resourceVersionMatch is forbidden unless resourceVersion is provided");
        assertThat(server.get(maps + "?resourceVersion=1&resourceVersionMatch=Newest")
                        .message())
                .contains(
                        "resourceVersionMatch: Unsupported value: \"Newest\": supported values: \"Exact\", \"NotOlderThan\"");
        assertThat(server.get(maps + "?resourceVersion=0&resourceVersionMatch=Exact")
                        .message())
                .contains("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        assertThat(server.get(maps + "?sendInitialEvents=true").message())
                .contains("sendInitialEvents is forbidden for list");
        assertThat(server.get(maps + "?watch=1&sendInitialEvents=true").message())
                .contains("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        assertThat(server.get(maps + "?watch=1&resourceVersionMatch=NotOlderThan")
                        .message())
                .contains("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }

    @Test
    void tellsAClientThatKnowsMoreThanThisServerSoThatItBeginsAnew() {
        TestServer.Answer answer = server.get("/api/v1/configmaps?resourceVersion=999999999");

        assertThat(answer.code()).isEqualTo(504);
        assertThat(answer.message()).startsWith("Timeout: Too large resource version: 999999999, current: ");
        assertThat(answer.text("/details/causes/0/reason")).isEqualTo("ResourceVersionTooLarge");
    }

    @Test
    void tellsAClientWhosePagesAreOfTooLongAgo() {
        String maps = maps("turning", 3);
        String token =
                server.get(maps + "?limit=1").json().at("/metadata/continue").asText();
        String megabyte = "{\"data\":{\"big\":\"" + "x".repeat(1 << 20) + "%s\"}}";
        for (int i = 0; i < 18; i++) {
            server.patch(maps + "/m0", "merge", megabyte.replace("x%s", "" + (char) ('a' + i)));
        }

        TestServer.Answer late = server.get(maps + "?limit=1&continue=" + token);

        assertThat(late.code()).isEqualTo(410);
        assertThat(late.text("/reason")).isEqualTo("Expired");
        assertThat(late.message())
                .isEqualTo(
                        "The provided continue parameter is too old to display a consistent list result. You can start"
                                + " a new list without the continue parameter.");
    }
}
