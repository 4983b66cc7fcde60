package dev.linnet.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** The sample podinfo with an Ingress and a Canary that is released in short steps. */
record Podinfo(Canary canary) {
    static final String HOST = "app.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: podinfo, namespace: test}
            spec:
              ingressClassName: nginx
              rules:
                - host: app.example.com
                  http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 80}}}}]}
            """;
    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: test}
            spec:
              provider: nginx
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: podinfo}
              progressDeadlineSeconds: 60
              service: {port: 80, targetPort: 9898}
              analysis:
                interval: 2s
                threshold: 10
                stepWeights: [10, 50]
                metrics:
                  - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
            """;

    Podinfo(Cluster cluster) {
        this(new Canary(cluster, "test", "podinfo"));
    }

    /** Applies all of it and waits until the primary serves. */
    void initialize() {
        Cluster cluster = canary.cluster();
        cluster.apply(Linnet.run("sample", "podinfo").out());
        cluster.apply(INGRESS);
        cluster.apply(CANARY);
        awaitPhase("Initialized");
    }

    void awaitPhase(String phase) {
        canary.awaitPhase(phase, PATIENCE);
    }

    /** Waits until the run of a version has ended in this phase, however short it was. */
    void awaitEnd(String version, String phase) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> canary.json("get", "runs")
                        .path("items")
                        .valueStream()
                        .filter(run -> run.at("/spec/images/0").asText().endsWith(":" + version))
                        .anyMatch(run -> run.at("/status/phase").asText().equals(phase)));
    }

    /** @param failing the share of its requests that it answers with 500 */
    void release(String version, String failing) {
        canary.kubectl("patch", "deployment", "podinfo", "--type=strategic", "-p", """
                {"spec": {"template": {"spec": {"containers": [{
                  "name": "podinfod",
                  "image": "stefanprodan/podinfo:%s",
                  "env": [{"name": "FAULT_ERROR_RATE", "value": "%s"}]}]}}}}""".formatted(version, failing));
    }

    String weight() {
        return canary.field(
                "ingress/podinfo-canary", "{.metadata.annotations.nginx\\.ingress\\.kubernetes\\.io/canary-weight}");
    }
}
