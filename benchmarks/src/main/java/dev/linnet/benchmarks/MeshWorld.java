package dev.linnet.benchmarks;

import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.manifests.mesh.Twin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes API of ours, in this JVM, with so many Pods and a Service that is led to gateways inside the cluster, as the controller leads
 * it: who calls it from this machine is a Pod of the frontend, whose labels a VirtualService asks for.
 */
final class MeshWorld implements AutoCloseable {
    private static final int PORT = 15_101;

    private final OwnApi api;

    MeshWorld(Path directory, int pods) throws Exception {
        api = new OwnApi(directory, "127.77.128.0/17");
        KubernetesClient client = api.client();
        for (String manifests : List.of(Files.readString(Path.of("deploy/istio-crds.yaml")), OBJECTS)) {
            client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                    .create();
        }
        Service backend =
                client.services().inNamespace("default").withName("backend").require();
        client.resource(Twin.of(backend)).create();
        client.services()
                .inNamespace("default")
                .withName("backend")
                .patch(PatchContext.of(PatchType.JSON), Takeover.patch(backend, Map.of(80, PORT)));
        api.forEach(pods, number -> create(client, pod(number)));
    }

    private static void create(KubernetesClient client, Pod pod) {
        Pod made = client.resource(pod).create();
        made.setStatus(pod.getStatus());
        client.resource(made).updateStatus();
    }

    /** As it is on a cluster: with a volume, variables and conditions that a gateway has no use for. The first has this machine's address. */
    private static Pod pod(int number) {
        String address =
                number == 0 ? "127.0.0.1" : "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 0xff, number & 0xff);
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("frontend-v1-5d4f8c7b9d-" + number)
                .withLabels(Map.of("app", "frontend", "version", "v1", "pod-template-hash", "5d4f8c7b9d"))
                .addToAnnotations("prometheus.io/scrape", "true")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .addNewVolume()
                .withName("settings")
                .withNewConfigMap()
                .withName("settings")
                .endConfigMap()
                .endVolume()
                .addNewContainer()
                .withName("frontend")
                .withImage("registry.example.com/shop/frontend:1.4.2")
                .addNewEnv()
                .withName("BACKEND_URL")
                .withValue("http://backend")
                .endEnv()
                .addNewVolumeMount()
                .withName("settings")
                .withMountPath("/etc/settings")
                .endVolumeMount()
                .addNewPort()
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .addNewPodIP(address)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    String kubeconfig() {
        return api.kubeconfig();
    }

    /** Where gateways serve the Service. */
    int port() {
        return PORT;
    }

    @Override
    public void close() {
        api.close();
    }

    private static final String OBJECTS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: linnet-mesh, namespace: default}
            data: {backend.80: "15101"}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: backend, namespace: default, labels: {linnet.dev/mesh: "true"}}
            spec: {selector: {app: backend}, ports: [{port: 80, targetPort: 18081}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: backend-linnet-1, namespace: default, labels: {kubernetes.io/service-name: backend-linnet}}
            addressType: IPv4
            endpoints: [{addresses: ["127.0.0.1"], conditions: {ready: true}}]
            ports: [{port: 18081, protocol: TCP}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: backend, namespace: default}
            spec:
              hosts: [backend]
              http:
              - match: [{sourceLabels: {app: frontend, version: v2}}]
                fault: {abort: {percentage: {value: 100}, httpStatus: 503}}
                route: [{destination: {host: backend}}]
              - match: [{sourceLabels: {app: frontend, version: v1}}]
                route: [{destination: {host: backend}}]
            """;
}
