package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Hosts beside Services, and where they are found. */
final class ServiceEntriesTest {
    private static final ServiceName API = new ServiceName("shop", "api.example.com");
    private static final String AROUND = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: shop}
            spec:
              hosts: [web.example.com]
              gateways: [edge]
              http: [{route: [{destination: {host: api.example.com, port: {number: 443}}}]}]
            ---
            """;

    private static String entry(String spec) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: api, namespace: shop}
                spec:
                """ + spec.indent(2) + "---\n";
    }

    private static List<String> problems(String yaml) {
        return objects(yaml).edge().problems().stream().map(Problem::toString).toList();
    }

    private static OutsideHost host(String yaml) {
        return Objects.requireNonNull(objects(yaml).hosts().get(API));
    }

    private static List<String> endpoints(String yaml, ServiceRef ref) {
        OutsideHost host = host(yaml);
        return host
                .endpoints(ref, name -> name.equals("api.example.com") ? List.of("192.0.2.2", "192.0.2.1") : List.of())
                .stream()
                .map(Endpoint::toString)
                .toList();
    }

    private static ServiceRef port(int number) {
        return new ServiceRef("shop", "api.example.com", String.valueOf(number));
    }

    @Test
    void leadsToAHostByItsNameWhereItsAddressesAreLookedUp() {
        String yaml = AROUND + entry("""
                hosts: [api.example.com]
                ports: [{number: 443, name: https, protocol: HTTPS}]
                resolution: DNS
                location: MESH_EXTERNAL
                """);

        List<Rule> rules = objects(yaml).edge().rules().get("web.example.com");
        assertThat(rules).extracting(Rule::primary).containsExactly(port(443));
        assertThat(endpoints(yaml, port(443))).containsExactly("192.0.2.1:443", "192.0.2.2:443");
        assertThat(endpoints(yaml, port(80))).isEmpty();
        assertThat(problems(yaml)).isEmpty();
    }

    @Test
    void leadsToTheEndpointsThatAreNamedWithTheirOwnPortsAndLabels() {
        String yaml = AROUND + entry("""
                hosts: [api.example.com]
                ports:
                - {number: 443, name: https, protocol: HTTPS}
                - {number: 80, name: http, protocol: HTTP, targetPort: 8080}
                resolution: STATIC
                endpoints:
                - {address: 192.0.2.7, labels: {version: v1}}
                - {address: 192.0.2.8, ports: {http: 9090}, labels: {version: v2}}
                """);

        assertThat(endpoints(yaml, port(443))).containsExactly("192.0.2.7:443", "192.0.2.8:443");
        assertThat(endpoints(yaml, port(80))).containsExactly("192.0.2.7:8080", "192.0.2.8:9090");
        assertThat(endpoints(yaml, port(80).of(Subset.of("v2", Map.of("version", "v2")))))
                .containsExactly("192.0.2.8:9090");
    }

    @Test
    void lookUpNamesOfEndpointsToo() {
        String yaml = AROUND + entry("""
                hosts: [api.example.com]
                ports: [{number: 443, name: https, protocol: HTTPS}]
                resolution: DNS
                endpoints: [{address: us.example.com}, {address: 192.0.2.9}]
                """);

        assertThat(host(yaml).names()).containsExactly("us.example.com");
        assertThat(endpoints(yaml, port(443))).containsExactly("192.0.2.9:443");
    }

    @Test
    void saysWhatCannotBeLedTo() {
        assertThat(problems(AROUND + entry("""
                        hosts: [api.example.com, "*.example.com", web]
                        ports: [{number: 443, name: https, protocol: HTTPS}]
                        resolution: STATIC
                        endpoints: [{address: 127.0.0.1}, {address: us.example.com}]
                        """)))
                .anyMatch(problem ->
                        problem.contains("spec.hosts[1] is *.example.com, to which no VirtualService can lead"))
                .anyMatch(problem -> problem.contains("spec.hosts[2] is web"))
                .anyMatch(problem -> problem.contains("spec.endpoints[0].address is \"127.0.0.1\", which is left out"))
                .anyMatch(problem -> problem.contains("spec.endpoints[1].address is \"us.example.com\"")
                        && problem.contains("(expected: an address of another machine)"));
        assertThat(problems(AROUND + entry("hosts: [api.example.com]\nports: [{number: 443, name: https}]\n")))
                .anyMatch(problem -> problem.contains("spec.resolution is NONE"))
                .anyMatch(problem -> problem.contains("is api.example.com, which is no Service"));
        assertThat(problems(AROUND + entry("""
                        hosts: [api.example.com]
                        ports: [{number: 443, name: https}]
                        resolution: DNS
                        exportTo: ["."]
                        """)))
                .anyMatch(problem -> problem.contains("of which a ServiceEntry says that it is not for linnet-system"));
    }

    @Test
    void takesTheOlderOfTwoForOneHost() {
        String both = AROUND
                + entry("hosts: [api.example.com]\nports: [{number: 443, name: https}]\nresolution: DNS\n")
                        .replace("{name: api,", "{name: young, creationTimestamp: \"2026-01-02T00:00:00Z\",")
                + entry("hosts: [api.example.com]\nports: [{number: 444, name: https}]\nresolution: DNS\n")
                        .replace("{name: api,", "{name: old, creationTimestamp: \"2026-01-01T00:00:00Z\",");

        assertThat(endpoints(both, port(444))).hasSize(2);
        assertThat(problems(both))
                .anyMatch(problem -> problem.startsWith("ServiceEntry shop/young: spec.hosts names api.example.com"));
    }
}
