package dev.linnet.manifests.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.routing.Explanation;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.TextRequest;
import dev.linnet.routing.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Service {@code shop/reviews} with two subsets, what VirtualServices say of it, and whom its requests meet. */
final class Reviews {
    static final String SUBSETS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: shop}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            """;

    static final Workload PAGE_V1 = caller("shop", "v1");
    static final Workload PAGE_V2 = caller("shop", "v2");

    private Reviews() {}

    static Workload caller(String namespace, String version) {
        return new Workload(namespace, "productpage", Map.of("app", "productpage", "version", version));
    }

    static String virtualService(String rules) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: shop}
                spec:
                  hosts: [reviews]
                  gateways: [mesh, edge]
                  http:
                """ + rules.indent(2);
    }

    static String inside(String yaml, Workload caller, String path, String... headers) {
        ServicePort port = new ServicePort("shop", "reviews", 80);
        RouteTable table = RouteTable.of(objects(yaml).mesh(List.of(port)).rules().values().stream()
                .flatMap(List::stream)
                .toList());
        TextRequest request = TextRequest.of("http://reviews" + path, pairs(headers));
        return answer(explain(table, request.by(caller).at(port.ruleHost())));
    }

    static String outside(String yaml, String url) {
        return answer(explain(edge(yaml), TextRequest.of(url, List.of())));
    }

    static RouteTable edge(String yaml) {
        return RouteTable.of(objects(yaml).edge().rules().values().stream()
                .flatMap(List::stream)
                .toList());
    }

    static Explanation explain(RouteTable table, TextRequest request) {
        return table.explain(
                request,
                ref -> ref.subset().labels().isPresent() && ref.namespace().equals("shop"),
                new SplittableRandom(1));
    }

    private static String answer(Explanation explanation) {
        if (explanation.status() != 0) {
            return String.valueOf(explanation.status());
        }
        return explanation.chances().stream()
                .map(chance -> (chance.target().backend().subset().name().isEmpty()
                                ? "all"
                                : chance.target().backend().subset().name())
                        + " " + Math.round(chance.share() * 100))
                .collect(Collectors.joining(", "));
    }

    static List<String> problems(String yaml) {
        IstioObjects objects = objects(yaml);
        List<Problem> all = new ArrayList<>(objects.edge().problems());
        all.addAll(objects.mesh(objects.hostsInside()).problems());
        return all.stream().map(problem -> problem.reason() + " " + problem).toList();
    }

    static IstioObjects objects(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        assertThat(manifests.mistakes()).isEmpty();
        return new IstioObjects(IstioObject.all(manifests.istio()));
    }

    private static List<Map.Entry<String, String>> pairs(String... headers) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < headers.length; i += 2) {
            pairs.add(Map.entry(headers[i], headers[i + 1]));
        }
        return pairs;
    }
}
