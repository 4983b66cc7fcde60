package dev.linnet.console.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.console.release.LineDiff;
import dev.linnet.console.release.PodState;
import dev.linnet.console.release.Release;
import dev.linnet.console.release.Versions;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The two workloads of a release, read with the rights of whoever looks. */
public final class Workloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Workloads() {}

    /** What the person may see of them. */
    public static Versions read(Release release, KubernetesClient client) {
        String namespace = release.namespace();
        String target = release.names().target();
        try {
            Optional<Deployment> canary = deployment(client, namespace, target);
            Optional<Deployment> primary = deployment(client, namespace, target + "-primary");
            return new Versions(
                    true,
                    primary.map(Workloads::image).orElse(""),
                    canary.map(Workloads::image).orElse(""),
                    primary.map(deployment -> pods(client, deployment)).orElse(List.of()),
                    canary.map(deployment -> pods(client, deployment)).orElse(List.of()),
                    primary.isPresent() && canary.isPresent()
                            ? LineDiff.of(lines(primary.get()), lines(canary.get()))
                            : List.of());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Versions.HIDDEN;
            }
            throw e;
        }
    }

    private static Optional<Deployment> deployment(KubernetesClient client, String namespace, String name) {
        return Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    private static String image(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .findFirst()
                .map(container -> Objects.requireNonNullElse(container.getImage(), ""))
                .orElse("");
    }

    private static List<PodState> pods(KubernetesClient client, Deployment deployment) {
        Map<String, String> labels =
                Objects.requireNonNullElse(deployment.getSpec().getSelector().getMatchLabels(), Map.of());
        return client
                .pods()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabels(labels)
                .list()
                .getItems()
                .stream()
                .map(PodState::of)
                .toList();
    }

    /** A template as YAML, without what always differs between primary and target. */
    private static List<String> lines(Deployment deployment) {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        ObjectNode tree = JSON.convertValue(template, ObjectNode.class);
        if (tree.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove("flagger-id");
            if (annotations.isEmpty()) {
                ((ObjectNode) tree.path("metadata")).remove("annotations");
            }
        }
        ((ObjectNode) tree.path("metadata")).remove("labels");
        if (tree.path("metadata").isEmpty()) {
            tree.remove("metadata");
        }
        return new ArrayList<>(Serialization.asYaml(tree)
                .lines()
                .filter(line -> !line.equals("---"))
                .toList());
    }
}
