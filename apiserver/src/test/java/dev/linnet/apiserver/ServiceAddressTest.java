package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceAddressTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String INGRESSES = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private TestServer.Answer service(String name, String spec) {
        return server.post(SERVICES, """
                {"metadata":{"name":"%s"},"spec":{%s"selector":{"app":"a"},"ports":[{"port":80,"protocol":"TCP"}]}}""".formatted(name, spec));
    }

    @Test
    void givesEachServiceAnAddressOfItsOwn() {
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            JsonNode service = service("own" + i, "").json();
            assertThat(service.at("/spec/clusterIP").asText()).startsWith("127.77.");
            assertThat(service.at("/spec/clusterIPs/0")).isEqualTo(service.at("/spec/clusterIP"));
            addresses.add(service.at("/spec/clusterIP").asText());
        }

        assertThat(addresses).hasSize(30);
    }

    @Test
    void takesAnAddressThatTheAuthorChoseIfItIsFree() {
        TestServer.Answer chosen = service("chosen", "\"clusterIP\":\"127.77.200.9\",");
        TestServer.Answer taken = service("taken", "\"clusterIP\":\"127.77.200.9\",");
        TestServer.Answer outside = service("outside", "\"clusterIP\":\"10.1.2.3\",");

        assertThat(chosen.text("/spec/clusterIP")).isEqualTo("127.77.200.9");
        assertThat(taken.code()).isEqualTo(422);
        assertThat(taken.message())
                .isEqualTo("Service \"taken\" is invalid: spec.clusterIPs: Invalid value: [\"127.77.200.9\"]: failed to"
                        + " allocate IP 127.77.200.9: provided IP is already allocated");
        assertThat(outside.message()).contains("is not in the valid range. The range of valid IPs is 127.77.128.0/17");

        server.delete(SERVICES + "/chosen");
        assertThat(service("after", "\"clusterIP\":\"127.77.200.9\",").code()).isEqualTo(201);
    }

    @Test
    void keepsTheAddressWhenAServiceIsReplacedByWhatItsAuthorWrote() {
        String address = service("stays", "").text("/spec/clusterIP");

        TestServer.Answer replaced = server.put(SERVICES + "/stays", """
                {"metadata":{"name":"stays"},"spec":{"selector":{"app":"b"},"ports":[{"port":80,"protocol":"TCP"}]}}""");

        assertThat(replaced.text("/spec/clusterIP")).isEqualTo(address);
        assertThat(replaced.text("/spec/selector/app")).isEqualTo("b");
    }

    @Test
    void givesNodePortsWhereTheTypeHasThem() {
        TestServer.Answer created = service("ported", "\"type\":\"NodePort\",");
        int port = created.json().at("/spec/ports/0/nodePort").asInt();
        TestServer.Answer again = server.post(SERVICES, """
                {"metadata":{"name":"clash"},"spec":{"type":"NodePort","selector":{"app":"a"},
                 "ports":[{"port":80,"protocol":"TCP","nodePort":%d}]}}""".formatted(port));

        assertThat(port).isBetween(30_000, 32_767);
        assertThat(again.message())
                .isEqualTo("Service \"clash\" is invalid: spec.ports[0].nodePort: Invalid value: " + port
                        + ": provided port is already allocated");
    }

    @Test
    void leavesHeadlessAndExternalServicesWithoutAddress() {
        JsonNode headless = service("headless", "\"clusterIP\":\"None\",").json();
        JsonNode external = server.post(SERVICES, """
                        {"metadata":{"name":"ext"},"spec":{"type":"ExternalName","externalName":"example.com"}}""").json();

        assertThat(headless.at("/spec/clusterIP").asText()).isEqualTo("None");
        assertThat(external.at("/spec/clusterIP").isMissingNode()).isTrue();
    }

    @Test
    void saysWhatIsWrongWithAServiceBeforeItGivesAddresses() {
        TestServer.Answer wrong = service("wrong", "\"clusterIP\":\"here\",\"type\":\"Wrong\",");

        assertThat(wrong.code()).isEqualTo(422);
        assertThat(wrong.message())
                .isEqualTo(
                        "Service \"wrong\" is invalid: [spec.clusterIPs[0]: Invalid value: \"here\": must be a valid IP"
                                + " address, (e.g. 10.9.8.7 or 2001:db8::ffff), spec.type: Unsupported value: \"Wrong\": supported"
                                + " values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"]");
        assertThat(server.get(SERVICES + "/wrong").code()).isEqualTo(404);
    }

    @Test
    void dropsWhatOnlyTheTypeBeforeHad() {
        ObjectNode balanced =
                (ObjectNode) service("balanced", "\"type\":\"LoadBalancer\",").json();
        assertThat(balanced.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Cluster");
        balanced.withObject("/spec").put("type", "ClusterIP");

        TestServer.Answer inside = server.put(SERVICES + "/balanced", balanced.toString());

        assertThat(inside.code()).isEqualTo(200);
        assertThat(inside.json().at("/spec").has("externalTrafficPolicy")).isFalse();
        assertThat(inside.json().at("/spec").has("allocateLoadBalancerNodePorts"))
                .isFalse();
        assertThat(inside.json().at("/spec/ports/0").has("nodePort")).isFalse();
    }

    @Test
    void refusesAddressesOfExternalNamesButLetsAServiceBecomeOne() {
        TestServer.Answer addressed = service(
                "addressed",
                "\"type\":\"ExternalName\",\"externalName\":\"example.com\",\"clusterIP\":\"127.77.200.8\",");
        assertThat(addressed.message())
                .isEqualTo(
                        "Service \"addressed\" is invalid: spec.clusterIPs: Forbidden: may not be set for ExternalName"
                                + " services");

        service("becomes", "");
        TestServer.Answer external = server.patch(
                SERVICES + "/becomes",
                "merge",
                "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}");
        assertThat(external.code()).isEqualTo(200);
        assertThat(external.json().at("/spec").has("clusterIP")).isFalse();

        TestServer.Answer again = server.patch(SERVICES + "/becomes", "merge", "{\"spec\":{\"type\":\"ClusterIP\"}}");
        assertThat(again.text("/spec/clusterIP")).startsWith("127.77.");
    }

    @Test
    void refusesAnotherAddressInsteadOfTheFirst() {
        service("moves", "\"clusterIP\":\"127.77.200.7\",");

        TestServer.Answer moved =
                server.patch(SERVICES + "/moves", "merge", "{\"spec\":{\"clusterIP\":\"127.77.200.6\"}}");

        assertThat(moved.message())
                .isEqualTo(
                        "Service \"moves\" is invalid: spec.clusterIPs[0]: Invalid value: [\"127.77.200.6\"]: may not change"
                                + " once set");
    }

    @Test
    void namesTheDefaultClassInIngressesWithoutOne() {
        server.post("/apis/networking.k8s.io/v1/ingressclasses", """
                {"metadata":{"name":"main","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},
                 "spec":{"controller":"example.com/c"}}""");

        assertThat(ingress("none", "", "").text("/spec/ingressClassName")).isEqualTo("main");
        assertThat(ingress("named", "", "\"ingressClassName\":\"other\",").text("/spec/ingressClassName"))
                .isEqualTo("other");
        assertThat(ingress("legacy", ",\"annotations\":{\"kubernetes.io/ingress.class\":\"nginx\"}", "")
                        .json()
                        .at("/spec/ingressClassName")
                        .isMissingNode())
                .isTrue();
    }

    private TestServer.Answer ingress(String name, String metadata, String spec) {
        return server.post(INGRESSES, """
                {"metadata":{"name":"%s"%s},"spec":{%s"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}""".formatted(name, metadata, spec));
    }
}
