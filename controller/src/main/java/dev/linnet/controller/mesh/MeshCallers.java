package dev.linnet.controller.mesh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the gateways of namespaces know the Pods of all others, who may call them: by subjects of ClusterRoleBinding
 * {@code linnet-mesh-callers}. Where somebody has removed it, they know their own namespace's.
 */
final class MeshCallers {
    private static final Logger log = LoggerFactory.getLogger(MeshCallers.class);
    private static final String NAME = "linnet-mesh-callers";
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("linnet")
            .build();

    private final KubernetesClient client;
    private Optional<Set<String>> settled = Optional.empty();

    MeshCallers(KubernetesClient client) {
        this.client = client;
    }

    /** @param namespaces that have gateways, or will */
    void admit(Set<String> namespaces) {
        if (settled.equals(Optional.of(namespaces))) {
            return;
        }
        try {
            Optional<ClusterRoleBinding> binding = Optional.ofNullable(
                    client.rbac().clusterRoleBindings().withName(NAME).get());
            if (binding.isPresent() && !admitted(binding.get()).equals(namespaces)) {
                client.rbac()
                        .clusterRoleBindings()
                        .withName(NAME)
                        .patch(MERGE, patch(binding.get(), namespaces).toString());
            }
            settled = Optional.of(Set.copyOf(namespaces));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                settled = Optional.of(Set.copyOf(namespaces)); // it will not be allowed the next moment
            }
            log.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("Gateways inside the cluster could not be let know callers of other namespaces");
        }
    }

    private static Set<String> admitted(ClusterRoleBinding binding) {
        return Optional.ofNullable(binding.getSubjects()).stream()
                .flatMap(List::stream)
                .map(Subject::getNamespace)
                .collect(Collectors.toSet());
    }

    private static ObjectNode patch(ClusterRoleBinding binding, Set<String> namespaces) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", binding.getMetadata().getResourceVersion());
        ArrayNode subjects = patch.putArray("subjects");
        new TreeSet<>(namespaces)
                .forEach(namespace -> subjects.addObject()
                        .put("kind", "ServiceAccount")
                        .put("name", MeshGateways.NAME)
                        .put("namespace", namespace));
        return patch;
    }
}
