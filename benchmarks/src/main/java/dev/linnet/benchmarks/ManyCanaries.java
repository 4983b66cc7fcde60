package dev.linnet.benchmarks;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Kubernetes API of ours, in this JVM, with so many Canaries of provider nginx; their Deployments are ready whenever they are changed. */
final class ManyCanaries implements AutoCloseable {
    static final int INTERVAL_SECONDS = 10;

    private final OwnApi api;
    private final KubernetesClient client;
    private final SharedIndexInformer<Deployment> deployments;

    ManyCanaries(Path directory, int canaries) throws Exception {
        api = new OwnApi(directory, "127.64.0.0/10");
        client = api.client();
        define(Path.of("deploy/flagger-crds.yaml"));
        define(Path.of("deploy/controller.yaml"));
        deployments = client.apps().deployments().inNamespace("default").inform(new Ready());
        api.forEach(canaries, i -> {
            for (String manifest : List.of(DEPLOYMENT, INGRESS, CANARY)) {
                client.resource(manifest.replace("NAME", name(i)))
                        .inNamespace("default")
                        .create();
            }
        });
    }

    private void define(Path manifests) throws IOException {
        for (HasMetadata object : client.load(
                        new ByteArrayInputStream(Files.readString(manifests).getBytes(StandardCharsets.UTF_8)))
                .items()) {
            if (object instanceof CustomResourceDefinition) {
                client.resource(object).create();
            }
        }
    }

    static String name(int number) {
        return "app-" + number;
    }

    String kubeconfig() {
        return api.kubeconfig();
    }

    KubernetesClient client() {
        return client;
    }

    /** Gives the first ones another image, all at once. */
    void release(int number) throws Exception {
        api.forEach(
                number,
                i -> client.apps()
                        .deployments()
                        .inNamespace("default")
                        .withName(name(i))
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"app:2\"}]}}}}"));
    }

    @Override
    public void close() {
        deployments.close();
        api.close();
    }

    /** Plays the machine: every Deployment has all of its Pods at once. */
    private final class Ready implements ResourceEventHandler<Deployment> {
        @Override
        public void onAdd(Deployment deployment) {
            onUpdate(deployment, deployment);
        }

        @Override
        public void onUpdate(Deployment before, Deployment now) {
            Long observed = now.getStatus() == null ? null : now.getStatus().getObservedGeneration();
            if (!now.getMetadata().getGeneration().equals(observed)) {
                api.execute(() -> becomesReady(now));
            }
        }

        @Override
        public void onDelete(Deployment deployment, boolean unknown) {}
    }

    private void becomesReady(Deployment deployment) {
        int pods = deployment.getSpec().getReplicas();
        try {
            client.resource(deployment)
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            STATUS.formatted(deployment.getMetadata().getGeneration(), pods, pods, pods, pods));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409 && e.getCode() != 404) {
                throw e;
            }
        }
    }

    @SuppressWarnings("InlineFormatString")
    private static final String STATUS = """
            {"status": {"observedGeneration": %d, "replicas": %d, "updatedReplicas": %d, "readyReplicas": %d, "availableReplicas": %d}}
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: NAME, namespace: default, labels: {app: NAME}}
            spec:
              replicas: 1
              selector: {matchLabels: {app: NAME}}
              template:
                metadata: {labels: {app: NAME}}
                spec: {containers: [{name: app, image: "app:1", ports: [{name: http, containerPort: 8080}]}]}
            """;

    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: NAME, namespace: default}
            spec:
              ingressClassName: nginx
              rules:
                - host: NAME.example.com
                  http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: NAME, port: {number: 80}}}}]}
            """;

    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: NAME, namespace: default}
            spec:
              provider: nginx
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}
              ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: NAME}
              service: {port: 80, targetPort: 8080}
              analysis: {interval: %ds, threshold: 5, maxWeight: 50, stepWeight: 10}
            """.formatted(INTERVAL_SECONDS);
}
