package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomResourceTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A kind with the group as its own namespace of names, so that tests do not meet. */
    private TestServer.Answer define(String group) {
        return server.post(DEFINITIONS, """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"lamps.%1$s"},
                 "spec":{"group":"%1$s","scope":"Namespaced",
                  "names":{"kind":"Lamp","plural":"lamps","singular":"lamp","shortNames":["lp"]},
                  "versions":[{"name":"v1","served":true,"storage":true,
                    "subresources":{"status":{},"scale":{"specReplicasPath":".spec.bulbs",
                       "statusReplicasPath":".status.bulbs","labelSelectorPath":".status.selector"}},
                    "additionalPrinterColumns":[{"name":"Bulbs","type":"integer","jsonPath":".spec.bulbs"}],
                    "schema":{"openAPIV3Schema":{"type":"object","properties":{
                      "spec":{"type":"object","properties":{
                        "bulbs":{"type":"integer","minimum":0,"default":1},
                        "colour":{"type":"string","enum":["red","green"]},
                        "shade":{"type":"string","nullable":true}}},
                      "status":{"type":"object","properties":{"bulbs":{"type":"integer"},"selector":{"type":"string"}}}}}}}]}}""".formatted(group));
    }

    private static String lamps(String group) {
        return "/apis/" + group + "/v1/namespaces/default/lamps";
    }

    private static String lamp(String group, String name, String spec) {
        return """
               {"apiVersion":"%s/v1","kind":"Lamp","metadata":{"name":"%s"},"spec":{%s}}""".formatted(group, name, spec);
    }

    @Test
    void servesAKindFromTheMomentItIsDefined() {
        TestServer.Answer defined = define("one.example.com");

        assertThat(defined.json().at("/status/conditions").findValuesAsText("type"))
                .contains("Established", "NamesAccepted");
        assertThat(server.post(lamps("one.example.com"), lamp("one.example.com", "a", ""))
                        .code())
                .isEqualTo(201);
        assertThat(server.get("/apis/one.example.com/v1").text("/resources/0/kind"))
                .isEqualTo("Lamp");
        assertThat(server.get("/openapi/v3/apis/one.example.com/v1").json().at("/components/schemas"))
                .anySatisfy(schema -> assertThat(schema.at("/x-kubernetes-group-version-kind/0/kind")
                                .asText())
                        .isEqualTo("Lamp"));
    }

    @Test
    void fillsDefaultsPrunesAndValidates() {
        define("two.example.com");
        String lamps = lamps("two.example.com");

        TestServer.Answer created =
                server.post(lamps, lamp("two.example.com", "a", "\"colour\":\"red\",\"nonsense\":1"));
        TestServer.Answer wrong = server.post(lamps, lamp("two.example.com", "b", "\"colour\":\"blue\""));

        assertThat(created.json().at("/spec/bulbs").asInt()).isEqualTo(1);
        assertThat(created.json().at("/spec/nonsense").isMissingNode()).isTrue();
        assertThat(created.warnings()).hasSize(1);
        assertThat(wrong.code()).isEqualTo(422);
        assertThat(wrong.message()).contains("spec.colour: Unsupported value: \"blue\"");
    }

    @Test
    void holdsObjectsToTheRulesOfTheirKind() {
        String definition = """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"fans.rules.example.com"},
                 "spec":{"group":"rules.example.com","scope":"Cluster","names":{"kind":"Fan","plural":"fans"},
                  "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                    "min":{"type":"integer"},
                    "max":{"type":"integer"},
                    "site":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"site is immutable"}]}},
                    "x-kubernetes-validations":[{"rule":"self.min <= self.max"}]}}}]}}""";
        String fans = "/apis/rules.example.com/v1/fans";

        TestServer.Answer misspelt = server.post(DEFINITIONS, definition.replace("self.max", "self.maximum"));
        assertThat(server.post(DEFINITIONS, definition).code()).isEqualTo(201);
        TestServer.Answer wrong = server.post(fans, "{\"metadata\":{\"name\":\"a\"},\"min\":3,\"max\":2}");
        TestServer.Answer unclear = server.post(fans, "{\"metadata\":{\"name\":\"a\"},\"min\":\"3\",\"max\":2}");
        assertThat(server.post(fans, "{\"metadata\":{\"name\":\"a\"},\"min\":1,\"max\":2,\"site\":\"north\"}")
                        .code())
                .isEqualTo(201);
        TestServer.Answer moved = server.patch(fans + "/a", "merge", "{\"site\":\"south\"}");

        assertThat(misspelt.code()).isEqualTo(422);
        assertThat(misspelt.message()).contains("compilation failed: ERROR: <input>:1:17: undefined field 'maximum'");
        assertThat(wrong.message())
                .isEqualTo(
                        "Fan.rules.example.com \"a\" is invalid: <nil>: Invalid value: \"object\": failed rule: self.min <= self.max");
        assertThat(unclear.message()).contains("correct the existing errors to complete validation");
        assertThat(moved.message())
                .isEqualTo(
                        "Fan.rules.example.com \"a\" is invalid: site: Invalid value: \"string\": site is immutable");
    }

    /** A definition that has become stricter must not hold up those who only label an object. */
    @Test
    void letsPassWhatWasAsWrongBefore() {
        define("six.example.com");
        String lamps = lamps("six.example.com");
        server.post(lamps, lamp("six.example.com", "a", "\"colour\":\"red\""));
        server.patch(DEFINITIONS + "/lamps.six.example.com", "json", """
                [{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/colour/enum","value":["green"]}]""");

        assertThat(server.patch(lamps + "/a", "merge", "{\"spec\":{\"bulbs\":4}}")
                        .code())
                .isEqualTo(200);
        assertThat(server.patch(lamps + "/a", "merge", "{\"spec\":{\"colour\":\"blue\"}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void keepsNullsThatAreValues() {
        define("five.example.com");
        String body = lamp("five.example.com", "a", "\"shade\":null")
                .replace("\"metadata\":{", "\"metadata\":{\"creationTimestamp\":null,");

        TestServer.Answer created = server.post(lamps("five.example.com"), body);

        assertThat(created.code()).isEqualTo(201);
        assertThat(created.json().at("/spec/shade").isNull()).isTrue();
    }

    @Test
    void printsScalesAndPatches() {
        define("three.example.com");
        String lamps = lamps("three.example.com");
        server.post(lamps, lamp("three.example.com", "a", "\"bulbs\":2"));

        assertThat(server.get(lamps, TABLE).json().at("/rows/0/cells/1").asInt())
                .isEqualTo(2);
        assertThat(server.patch(lamps + "/a/scale", "merge", "{\"spec\":{\"replicas\":7}}")
                        .code())
                .isEqualTo(200);
        assertThat(server.get(lamps + "/a").json().at("/spec/bulbs").asInt()).isEqualTo(7);
        assertThat(server.patch(lamps + "/a", "strategic-merge", "{\"spec\":{\"bulbs\":3}}")
                        .code())
                .isEqualTo(415);
        assertThat(server.patch(
                                lamps + "/a?fieldManager=me&force=true",
                                "apply",
                                lamp("three.example.com", "a", "\"bulbs\":4"))
                        .json()
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void servesAllVersionsAndPrefersTheMostStable() {
        server.post(DEFINITIONS, """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"doors.versions.example.com"},
                 "spec":{"group":"versions.example.com","scope":"Namespaced","names":{"kind":"Door","plural":"doors"},
                  "versions":[
                   {"name":"v1alpha1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                     "spec":{"type":"object","properties":{"width":{"type":"integer"},"colour":{"type":"string"}}}}}}},
                   {"name":"v1beta2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                     "spec":{"type":"object","properties":{"width":{"type":"integer"},"open":{"type":"boolean","default":false}}}}}}},
                   {"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                     "spec":{"type":"object","properties":{"width":{"type":"integer"}}}}}}}]}}""");
        String alpha = "/apis/versions.example.com/v1alpha1/namespaces/default/doors";
        server.post(alpha, """
                {"apiVersion":"versions.example.com/v1alpha1","kind":"Door","metadata":{"name":"a"},"spec":{"width":3,"colour":"red"}}""");

        assertThat(server.get("/apis/versions.example.com").json().path("versions"))
                .extracting(version -> version.path("version").asText())
                .containsExactly("v1", "v1beta2", "v1alpha1");
        assertThat(server.get("/apis/versions.example.com").text("/preferredVersion/version"))
                .isEqualTo("v1");
        assertThat(server.get(alpha.replace("v1alpha1", "v1") + "/a")
                        .json()
                        .path("spec")
                        .toString())
                .isEqualTo("{\"width\":3}");
        assertThat(server.get(alpha.replace("v1alpha1", "v1beta2") + "/a")
                        .json()
                        .path("spec")
                        .toString())
                .isEqualTo("{\"width\":3,\"open\":false}");
        assertThat(server.get(DEFINITIONS + "/doors.versions.example.com")
                        .json()
                        .at("/status/storedVersions")
                        .toString())
                .isEqualTo("[\"v1alpha1\"]");
    }

    @Test
    void givesANameToWhoeverHadItFirst() {
        define("seven.example.com");
        TestServer.Answer second = server.post(DEFINITIONS, """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"lanterns.seven.example.com"},
                 "spec":{"group":"seven.example.com","scope":"Namespaced","names":{"kind":"Lamp","plural":"lanterns","shortNames":["lt"]},
                  "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}""");

        assertThat(second.json().at("/status/conditions"))
                .extracting(condition -> condition.path("type").asText() + " "
                        + condition.path("status").asText() + ": "
                        + condition.path("message").asText())
                .containsExactly(
                        "NamesAccepted False: \"LampList\" is already in use",
                        "Established False: not all names are accepted");
        assertThat(server.get("/apis/seven.example.com/v1/namespaces/default/lanterns")
                        .code())
                .isEqualTo(404);
    }

    @Test
    void takesTheObjectsAlongWhenADefinitionGoes() {
        define("four.example.com");
        server.post(lamps("four.example.com"), lamp("four.example.com", "a", ""));

        TestServer.Answer deleted = server.delete(DEFINITIONS + "/lamps.four.example.com");

        assertThat(deleted.code()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.get(DEFINITIONS + "/lamps.four.example.com").code() == 404);
        assertThat(server.get(lamps("four.example.com")).code()).isEqualTo(404);
        define("four.example.com");
        assertThat(server.get(lamps("four.example.com")).json().path("items")).isEmpty();
    }

    @Test
    void servesOlderVersionsOfTheSameObjects() {
        String old = "/apis/extensions/v1beta1/namespaces/default/ingresses";
        TestServer.Answer created = server.post(old, """
                {"apiVersion":"extensions/v1beta1","kind":"Ingress","metadata":{"name":"old"},
                 "spec":{"rules":[{"host":"a.example.com","http":{"paths":[
                   {"path":"/","backend":{"serviceName":"s","servicePort":80}}]}}]}}""");

        assertThat(created.text("/spec/rules/0/http/paths/0/backend/serviceName"))
                .isEqualTo("s");
        assertThat(server.get("/apis/networking.k8s.io/v1/namespaces/default/ingresses/old")
                        .text("/spec/rules/0/http/paths/0/backend/service/name"))
                .isEqualTo("s");
        assertThat(server.get(old).json().at("/items/0/apiVersion").asText()).isEqualTo("extensions/v1beta1");
    }

    @Test
    void keepsOneStorageForBothEventApis() {
        server.post("/api/v1/namespaces/default/events", """
                {"metadata":{"name":"e"},"reason":"Because","message":"hello","type":"Normal",
                 "involvedObject":{"kind":"Pod","name":"p","namespace":"default"},
                 "source":{"component":"me"}}""");

        assertThat(server.get("/apis/events.k8s.io/v1/namespaces/default/events/e")
                        .text("/note"))
                .isEqualTo("hello");
        assertThat(server.get(
                                "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dp,reason%3DBecause")
                        .json()
                        .path("items"))
                .hasSize(1);
    }

    @Test
    void givesServiceAccountsTokensThatDieWithThem() {
        server.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"robot\"}}");
        String token = server.post(
                        "/api/v1/namespaces/default/serviceaccounts/robot/token",
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}")
                .text("/status/token");
        String review = """
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"%s"}}""".formatted(token);

        assertThat(server.post("/apis/authentication.k8s.io/v1/tokenreviews", review)
                        .text("/status/user/username"))
                .isEqualTo("system:serviceaccount:default:robot");
        server.delete("/api/v1/namespaces/default/serviceaccounts/robot");
        assertThat(server.post("/apis/authentication.k8s.io/v1/tokenreviews", review)
                        .json()
                        .at("/status/authenticated")
                        .asBoolean())
                .isFalse();
    }
}
