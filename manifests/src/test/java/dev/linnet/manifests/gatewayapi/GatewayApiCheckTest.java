package dev.linnet.manifests.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.manifests.istio.IstioCheck;
import dev.linnet.manifests.istio.IstioObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code linnet check} says of routes inside the cluster. */
final class GatewayApiCheckTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: backend, namespace: shop, labels: {linnet.dev/mesh: "true"}}
            spec:
              clusterIP: 10.0.0.1
              selector: {app: backend}
              ports: [{port: 80}]
            ---
            """;
    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: backend, namespace: shop}
            spec:
              parentRefs: [{group: "", kind: Service, name: backend}]
              rules: [{backendRefs: [{name: backend, port: 80}]}]
            ---
            """;
    private static final String VIRTUAL_SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: backend, namespace: shop}
            spec:
              hosts: [backend]
              http: [{route: [{destination: {host: backend}}]}]
            ---
            """;

    private static List<String> findings(List<ObjectReport> reports) {
        return reports.stream()
                .flatMap(report -> report.findings().stream())
                .map(finding -> finding.what() + " " + finding.words())
                .toList();
    }

    private static ListedObjects view(Manifests manifests) {
        return new ListedObjects(ServiceReading.byName(manifests.services()), Map.of());
    }

    private static List<String> routes(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        return findings(GatewayApiCheck.objects(GatewayApiObject.all(manifests.gatewayApi()), view(manifests)));
    }

    private static List<String> virtualServices(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        GatewayApi gatewayApi = new GatewayApi(GatewayApiObject.all(manifests.gatewayApi()));
        return findings(
                IstioCheck.objects(IstioObject.all(manifests.istio()), gatewayApi.routed(view(manifests)), List.of()));
    }

    @Test
    void saysWhatIsMissingWhereNoGatewayStandsBeforeTheService() {
        assertThat(routes(SERVICE + ROUTE)).isEmpty();
        assertThat(routes(SERVICE.replace("\"true\"", "\"false\"") + ROUTE))
                .containsExactly(
                        "spec.parentRefs[0] names Service shop/backend, whose traffic does not pass through gateways (expected: linnet.dev/mesh: \"true\" on the Service or its namespace)");
    }

    @Test
    void saysWhichVirtualServicesARouteLeavesNothingTo() {
        assertThat(virtualServices(SERVICE + VIRTUAL_SERVICE)).containsExactly("spec ");
        assertThat(virtualServices(SERVICE + VIRTUAL_SERVICE + ROUTE))
                .anyMatch(
                        finding -> finding.startsWith("spec.hosts names a Service that HTTPRoute shop/backend routes"));
        assertThat(virtualServices(
                        SERVICE + VIRTUAL_SERVICE + ROUTE.replace("port: 80", "port: 80, filters: [{type: Odd}]")))
                .containsExactly("spec ");
    }
}
