package dev.linnet.controller.release;

/** What a team has before it releases anything: a Deployment, its Service and its Ingress; and their Canary. */
final class Manifests {
    private Manifests() {}

    static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: podinfo
              labels: {app: podinfo, test-label: kept, other: dropped}
              annotations: {test-annotation: kept}
            spec:
              replicas: 2
              progressDeadlineSeconds: 60
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata:
                  labels: {app: podinfo}
                spec:
                  containers:
                  - name: podinfod
                    image: podinfo:1
                    ports:
                    - {name: http, containerPort: 9898}
                    - {name: http-metrics, containerPort: 9797}
            """;
    static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: podinfo}
            spec:
              selector: {app: podinfo}
              ports: [{name: http, port: 80, targetPort: 9898}]
            """;
    static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: podinfo
              labels: {app: podinfo}
              annotations: {kubernetes.io/ingress.class: nginx}
            spec:
              rules:
              - host: app.example.com
                http:
                  paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 80}}}}
            """;
    static final String APP = DEPLOYMENT + "---\n" + SERVICE + "---\n" + INGRESS;

    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: nginx
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: podinfo}
              progressDeadlineSeconds: 60
              service: {port: 80, targetPort: 9898}
              analysis:
            """;

    /** Of that Deployment, by provider nginx. */
    static String canary(String analysis) {
        return CANARY + analysis.indent(4);
    }

    /** In two steps, with the success rate. */
    static final String WEIGHTED = canary("""
            interval: 2s
            threshold: 2
            maxWeight: 40
            stepWeight: 20
            metrics:
            - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
            """);

    static final String DAEMON_SET = """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata:
              name: podinfo-ds
              labels: {app: podinfo-ds}
            spec:
              selector: {matchLabels: {app: podinfo-ds}}
              template:
                metadata:
                  labels: {app: podinfo-ds}
                spec:
                  containers:
                  - name: podinfod
                    image: podinfo:1
                    ports: [{name: http, containerPort: 9898}]
            """;

    /** By provider kubernetes, which routes nothing. */
    static String blueGreen(String kind, String target, String more, String analysis) {
        return """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: %s}
                spec:
                  provider: kubernetes
                  targetRef: {apiVersion: %s, kind: %s, name: %s}
                  progressDeadlineSeconds: 60
                %s
                  analysis:
                %s
                """.formatted(
                        target,
                        kind.equals("Service") ? "v1" : "apps/v1",
                        kind,
                        target,
                        more.indent(2).stripTrailing(),
                        analysis.indent(4).stripTrailing());
    }

    /** Of a Knative Service, as in Flagger's own test. */
    static final String KNATIVE = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              provider: knative
              targetRef: {apiVersion: serving.knative.dev/v1, kind: Service, name: podinfo}
              progressDeadlineSeconds: 60
              analysis:
                interval: 15s
                threshold: 2
                maxWeight: 50
                stepWeight: 10
                metrics: []
            """;

    static final String KNATIVE_SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: podinfo}
            spec:
              template:
                spec:
                  containers: [{image: "podinfo:1"}]
            """;

    static final String AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: podinfo, labels: {app: podinfo}}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              minReplicas: 2
              maxReplicas: 4
              metrics:
              - type: Resource
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}
            """;

    static final String SCALED_OBJECTS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: scaledobjects.keda.sh}
            spec:
              group: keda.sh
              scope: Namespaced
              names: {kind: ScaledObject, listKind: ScaledObjectList, plural: scaledobjects, singular: scaledobject}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    static final String SCALED_OBJECT = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: podinfo-so, labels: {team: a}}
            spec:
              scaleTargetRef: {name: podinfo}
              pollingInterval: 10
              minReplicaCount: 2
              maxReplicaCount: 3
              advanced: {scalingModifiers: {formula: "a"}}
              triggers:
              - type: prometheus
                name: prom
                metadata:
                  serverAddress: http://prometheus:9090
                  threshold: "5"
                  query: sum(rate(http_requests_total{ app="podinfo" }[30s]))
            """;
}
