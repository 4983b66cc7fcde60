package dev.linnet.e2e;

/** Who of a frontend and a backend in two versions each may see which, as Istio's users write it. */
final class MeshRules {
    /** One of ten gets the second frontend. */
    static final String FRONTEND = """
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata:
              name: frontend
              namespace: default
            spec:
              gateways: [frontend]
              hosts: [frontend.istio-test]
              http:
              - route:
                - destination: {host: frontend, subset: v1}
                  weight: 90
                - destination: {host: frontend, subset: v2}
                  weight: 10
            """;

    private static final String BACKEND = """
            apiVersion: networking.istio.io/v1alpha3
            kind: VirtualService
            metadata:
              name: backend
              namespace: default
            spec:
              gateways: []
              hosts:
              - "backend.default.svc.cluster.local"
              http:
            RULES""";
    private static final String TO = """
                - destination:
                    host: backend.default.svc.cluster.local
                    subset: VERSION
                    port:
                      number: 80
                  weight: WEIGHT
            """;

    private MeshRules() {}

    /** All callers of the backend, by weight. */
    static String everybody(int first, int second) {
        return backend(matchAll(first, second));
    }

    /** Requests with the testers' header get the second backend, and one of ten others. */
    static String testersFirst() {
        return backend("  - match:\n    - headers:\n        canary:\n          exact: \"canary-tester\"\n    route:\n"
                + to("v2", 100) + matchAll(90, 10));
    }

    /** The second frontend gets the second backend, everybody else the first. */
    static String secondToSecond() {
        return backend("  - match:\n    - sourceLabels:\n        app: frontend\n        version: v2\n    route:\n"
                + to("v2", 100) + matchAll(100, 0));
    }

    /** The same VirtualService, released together with the others of which this is said. */
    static String together(String virtualService) {
        return virtualService.replace("metadata:\n", "metadata:\n  annotations: {linnet.dev/release: checkout}\n");
    }

    private static String backend(String rules) {
        return BACKEND.replace("RULES", rules);
    }

    private static String matchAll(int first, int second) {
        return "  - match:\n    - {}\n    route:\n" + to("v1", first) + to("v2", second);
    }

    private static String to(String version, int weight) {
        return TO.replace("VERSION", version).replace("WEIGHT", String.valueOf(weight));
    }
}
