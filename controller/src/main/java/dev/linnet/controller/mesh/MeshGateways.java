package dev.linnet.controller.mesh;

import dev.linnet.manifests.mesh.Takeover;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gateways of one namespace: their Deployment with what belongs to it, and whether they serve. */
final class MeshGateways {
    static final String NAME = "linnet-mesh";
    private static final String OURS = "linnet";
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final String namespace;
    private final MeshSettings settings;
    private Optional<Set<String>> applied = Optional.empty();

    MeshGateways(KubernetesClient client, String namespace, MeshSettings settings) {
        this.client = client;
        this.namespace = namespace;
        this.settings = settings;
    }

    /** The ports that were given out. */
    Map<String, String> ports() {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(NAME)
                        .get())
                .flatMap(configMap -> Optional.ofNullable(configMap.getData()))
                .orElseGet(Map::of);
    }

    /**
     * Makes or mends all that there has to be.
     *
     * @param before what {@link #ports} has just said
     * @param wanted ports that are given out
     * @param keys   that selectors of Services ask Pods for
     */
    void ensure(Map<String, String> before, Map<String, String> wanted, Set<String> keys) {
        if (!wanted.equals(before)) {
            ConfigMap configMap = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(NAME)
                    .endMetadata()
                    .withData(wanted)
                    .build();
            apply(configMap);
        }
        if (!applied.equals(Optional.of(keys)) || !isThere()) {
            parts().stream().map(this::placed).forEach(this::apply);
            apply(deployment(keys));
            applied = Optional.of(Set.copyOf(keys));
        }
    }

    /** Whether anything is there that {@link #remove} would take away. */
    boolean areThere() {
        return !ports().isEmpty() || isThere();
    }

    private boolean isThere() {
        return client.apps().deployments().inNamespace(namespace).withName(NAME).get() != null;
    }

    private void apply(HasMetadata object) {
        client.resource(object).fieldManager(OURS).forceConflicts().serverSideApply();
    }

    private List<HasMetadata> parts() {
        return template().stream().filter(part -> !(part instanceof Deployment)).toList();
    }

    private List<HasMetadata> template() {
        try (InputStream in = MeshGateways.class.getResourceAsStream("mesh.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks mesh.yaml");
            }
            return client.load(in).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HasMetadata placed(HasMetadata part) {
        part.getMetadata().setNamespace(namespace);
        if (part instanceof RoleBinding binding) {
            return new RoleBindingBuilder(binding)
                    .editFirstSubject()
                    .withNamespace(namespace)
                    .endSubject()
                    .build();
        }
        return part;
    }

    private Deployment deployment(Set<String> keys) {
        Deployment template = template().stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
        Map<String, String> labels = new HashMap<>();
        keys.forEach(key -> labels.put(key, Takeover.VALUE));
        labels.put(Takeover.GATEWAY_LABEL, "true");
        return new DeploymentBuilder(template)
                .editMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .editSpec()
                .withReplicas(settings.replicas())
                .editTemplate()
                .editMetadata()
                .withLabels(labels)
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withImage(settings.image())
                .addAllToEnv(environment())
                .withArgs(
                        "gateway",
                        "--mesh=" + namespace,
                        "--http=0.0.0.0:8080",
                        "--https=0.0.0.0:8443",
                        "--metrics=0.0.0.0:9113",
                        "--shutdown-grace-period=10")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private List<EnvVar> environment() {
        return settings.environment().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(variable -> new EnvVar(variable.getKey(), variable.getValue(), null))
                .toList();
    }

    /** Those that are ready. */
    List<Pod> ready() {
        return client.pods().inNamespace(namespace).withLabel(Takeover.GATEWAY_LABEL, "true").list().getItems().stream()
                .filter(MeshGateways::isReady)
                .toList();
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getPodIP() != null
                && Optional.ofNullable(pod.getStatus().getConditions()).stream()
                        .flatMap(List::stream)
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** Whether each of these Pods serves at each of these ports: they listen only once they know the way. */
    static boolean serve(Collection<Pod> pods, Collection<Integer> ports) {
        return !pods.isEmpty()
                && pods.stream()
                        .allMatch(pod -> ports.stream()
                                .allMatch(port -> listens(pod.getStatus().getPodIP(), port)));
    }

    private static boolean listens(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Takes away what {@link #ensure} has made. */
    void remove() {
        List<HasMetadata> all = template();
        all.forEach(part -> part.getMetadata().setNamespace(namespace));
        all.forEach(part -> client.resource(part).delete());
        client.configMaps().inNamespace(namespace).withName(NAME).delete();
        applied = Optional.empty();
    }
}
