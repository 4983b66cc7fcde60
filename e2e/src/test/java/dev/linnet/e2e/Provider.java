package dev.linnet.e2e;

import java.util.Locale;

/** Who routes for a Canary by weights, and how its edge is written. */
enum Provider {
    ISTIO("istio", "virtualservice/podinfo", """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: NAMESPACE}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: [HOST]
            ---
            """, "gateways: [edge], hosts: [HOST]"),
    GATEWAY_API("gatewayapi:v1", "httproute/podinfo", """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: NAMESPACE}
            spec:
              gatewayClassName: linnet
              listeners:
              - {name: http, port: 80, protocol: HTTP, hostname: HOST}
            ---
            """, "gatewayRefs: [{name: edge}], hosts: [HOST]");

    private static final String NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: NAMESPACE}
            ---
            """;
    private static final String PODINFO = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: podinfo, namespace: NAMESPACE}
            spec:
              replicas: 1
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata: {labels: {app: podinfo}}
                spec:
                  containers:
                  - name: podinfod
                    image: stefanprodan/podinfo:3.1.0
                    ports: [{name: http, containerPort: 9898}]
                    readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 1}
            ---
            """;
    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: NAMESPACE}
            spec:
              provider: PROVIDER
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              progressDeadlineSeconds: 60
              service: {port: 80, targetPort: 9898, SERVICE}
              analysis:
                interval: 1s
                threshold: 5
            """;

    private final String spelled;
    private final String route;
    private final String gateway;
    private final String service;

    Provider(String spelled, String route, String gateway, String service) {
        this.spelled = spelled;
        this.route = route;
        this.gateway = gateway;
        this.service = service;
    }

    /** The object that it writes, as kubectl finds it. */
    String route() {
        return route;
    }

    /** A namespace for releases of a kind. */
    String namespace(String kind) {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + kind;
    }

    static String host(String namespace) {
        return namespace + ".example.com";
    }

    /**
     * All that a team applies: its Deployment, a gateway at the edge, and the Canary.
     *
     * @param analysis how it is released, beside a second's interval
     */
    String manifests(String namespace, String analysis) {
        return (NAMESPACE + PODINFO + gateway + CANARY + analysis.indent(4))
                .replace("SERVICE", service)
                .replace("PROVIDER", spelled)
                .replace("NAMESPACE", namespace)
                .replace("HOST", host(namespace));
    }

    /** The same in a namespace that is there, without an edge: for callers inside the cluster only, who get all back when the Canary goes. */
    String inside(String namespace, String analysis) {
        return (PODINFO + CANARY + analysis.indent(4))
                .replace(", SERVICE", "")
                .replace("  provider:", "  revertOnDeletion: true\n  provider:")
                .replace("PROVIDER", spelled)
                .replace("NAMESPACE", namespace);
    }
}
