package dev.linnet.machine.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyRulesTest {

    private static final Frontend HTTP = new Frontend("127.70.128.5", 80);

    @Test
    void listensOnClusterAddressAndNodePortOfEachTcpPort() {
        Service service = service("""
                type: NodePort
                clusterIP: 127.70.128.5
                ports:
                - {name: http, port: 80, nodePort: 30080}
                - {name: admin, port: 9000}
                - {name: dns, port: 53, protocol: UDP}
                """);

        assertThat(ProxyRules.of(service, List.of(), List.of("127.0.0.1", "127.70.127.1")))
                .containsOnlyKeys(
                        HTTP,
                        new Frontend("127.0.0.1", 30080),
                        new Frontend("127.70.127.1", 30080),
                        new Frontend("127.70.128.5", 9000));
    }

    @Test
    void listensNowhereForHeadlessServicesAndExternalNames() {
        assertThat(ProxyRules.of(service("{clusterIP: None, ports: [{port: 80}]}"), List.of(), List.of()))
                .isEmpty();
        assertThat(ProxyRules.of(service("{type: ExternalName, externalName: example.com}"), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void takesThePortOfEachSliceByItsName() {
        Service service = service("{clusterIP: 127.70.128.5, ports: [{name: http, port: 80}]}");
        EndpointSlice one = slice("""
                ports: [{name: metrics, port: 9797}, {name: http, port: 9898}]
                endpoints: [{addresses: [127.70.0.3]}, {addresses: [127.70.0.2]}]
                """);
        EndpointSlice other = slice("""
                ports: [{name: http, port: 20080}]
                endpoints: [{addresses: [127.70.0.4]}, {addresses: [127.70.0.2]}]
                """);

        assertThat(endpoints(service, one, other))
                .containsExactly("127.70.0.2:9898", "127.70.0.2:20080", "127.70.0.3:9898", "127.70.0.4:20080");
    }

    @Test
    void sendsNothingToEndpointsThatAreNotReady() {
        Service service = service("{clusterIP: 127.70.128.5, ports: [{port: 80}]}");
        EndpointSlice slice = slice("""
                ports: [{port: 8080}]
                endpoints:
                - {addresses: [127.70.0.2], conditions: {ready: false}}
                - {addresses: [127.70.0.3], conditions: {ready: true}}
                - {addresses: [127.70.0.4], conditions: {ready: false, serving: true, terminating: true}}
                """);

        assertThat(endpoints(service, slice)).containsExactly("127.70.0.3:8080");
    }

    @Test
    void fallsBackToEndpointsThatServeWhileTheyEnd() {
        Service service = service("{clusterIP: 127.70.128.5, ports: [{port: 80}]}");
        EndpointSlice slice = slice("""
                ports: [{port: 8080}]
                endpoints:
                - {addresses: [127.70.0.2], conditions: {ready: false, serving: false, terminating: true}}
                - {addresses: [127.70.0.4], conditions: {ready: false, serving: true, terminating: true}}
                """);

        assertThat(endpoints(service, slice)).containsExactly("127.70.0.4:8080");
    }

    @Test
    void readsHowLongACallerKeepsItsEndpoint() {
        String ports = "clusterIP: 127.70.128.5, ports: [{port: 80}]";

        assertThat(affinity(service("{" + ports + "}"))).isEmpty();
        assertThat(affinity(service("{sessionAffinity: ClientIP, " + ports + "}")))
                .contains(Duration.ofHours(3));
        assertThat(affinity(service("{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: "
                        + "{timeoutSeconds: 30}}, " + ports + "}")))
                .contains(Duration.ofSeconds(30));
    }

    private static Optional<Duration> affinity(Service service) {
        return atHttp(service).affinity();
    }

    private static Backends atHttp(Service service, EndpointSlice... slices) {
        return Objects.requireNonNull(
                ProxyRules.of(service, List.of(slices), List.of()).get(HTTP));
    }

    private static List<String> endpoints(Service service, EndpointSlice... slices) {
        return atHttp(service, slices).ready().stream()
                .map(ProxyRulesTest::text)
                .toList();
    }

    private static String text(InetSocketAddress endpoint) {
        return Frontend.of(endpoint).toString();
    }

    private static Service service(String spec) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: test}\nspec:\n" + indented(spec),
                Service.class);
    }

    private static EndpointSlice slice(String content) {
        return Serialization.unmarshal(
                "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1, namespace: test}\n"
                        + content,
                EndpointSlice.class);
    }

    private static String indented(String text) {
        return text.indent(2);
    }
}
