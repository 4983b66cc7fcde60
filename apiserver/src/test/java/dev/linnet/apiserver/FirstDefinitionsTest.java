package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.TestServer.Answer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds that a server brings along. */
final class FirstDefinitionsTest {
    private static final String DEFINITION =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com";
    private static final String CRONTABS = "/apis/stable.example.com/v1/namespaces/default/crontabs";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private TestServer server(int mostReplicas) {
        return TestServer.durable(directory, List.of((ObjectNode) TestServer.parsed("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"crontabs.stable.example.com","annotations":{"brought":"along"}},
                 "spec":{"group":"stable.example.com","scope":"Namespaced",
                  "names":{"kind":"CronTab","plural":"crontabs"},
                  "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{
                    "spec":{"type":"object","properties":{"replicas":{"type":"integer",
                      "x-kubernetes-validations":[{"rule":"self <= %d","message":"too many"}]}}}}}}}]}}""".formatted(mostReplicas))));
    }

    private static Answer creates(TestServer server, String name, int replicas) {
        return server.post(CRONTABS, """
                {"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":"%s"},"spec":{"replicas":%d}}""".formatted(name, replicas));
    }

    @Test
    void areServedFromTheStartAndTheirRulesObeyed() {
        try (TestServer server = server(3)) {
            assertThat(server.get(DEFINITION).text("/status/acceptedNames/listKind"))
                    .isEqualTo("CronTabList");
            assertThat(creates(server, "fits", 3).code()).isEqualTo(201);
            Answer refused = creates(server, "over", 4);
            assertThat(refused.code()).isEqualTo(422);
            assertThat(refused.message()).endsWith("spec.replicas: Invalid value: \"integer\": too many");
        }
    }

    @Test
    void stayAsTheyAreUntilTheProgramBringsOthers() {
        String version;
        try (TestServer server = server(3)) {
            creates(server, "kept", 3);
            version = server.patch(DEFINITION, "merge", "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}")
                    .text("/metadata/resourceVersion");
        }
        try (TestServer server = server(3)) {
            assertThat(server.get(DEFINITION).text("/metadata/resourceVersion")).isEqualTo(version);
        }
        try (TestServer server = server(5)) {
            Answer brought = server.get(DEFINITION);
            assertThat(brought.text("/metadata/labels/team")).isEqualTo("a");
            assertThat(brought.text("/metadata/annotations/brought")).isEqualTo("along");
            assertThat(brought.json().at("/metadata/finalizers")).hasSize(1);
            assertThat(server.get(CRONTABS + "/kept").code()).isEqualTo(200);
            assertThat(creates(server, "more", 5).code()).isEqualTo(201);
        }
    }
}
