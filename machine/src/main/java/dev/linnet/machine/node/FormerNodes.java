package dev.linnet.machine.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that a former run of this machine had and this one has not. They are removed with what is bound to them: nobody would
 * run it, and the scheduler would bind more.
 *
 * @param present names of the nodes that this machine has
 */
record FormerNodes(KubernetesClient client, Set<String> present) {
    private static final Logger log = LoggerFactory.getLogger(FormerNodes.class);
    /** How kubelet begins the version of what runs containers; ours runs no others' nodes. */
    static final String RUNTIME = "linnet://";

    FormerNodes {
        present = Set.copyOf(present);
    }

    /** Which machine this is, as kubelet tells it of a node. */
    static String machineId() {
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }

    void remove() {
        try {
            client.nodes().list().getItems().stream().filter(this::isFormer).forEach(this::remove);
        } catch (KubernetesClientException e) {
            log.atWarn().setCause(e).log("Nodes of a former run may be left over");
        }
    }

    private boolean isFormer(Node node) {
        return !present.contains(node.getMetadata().getName())
                && node.getStatus() != null
                && node.getStatus().getNodeInfo() != null
                && node.getStatus().getNodeInfo().getContainerRuntimeVersion().startsWith(RUNTIME)
                && node.getStatus().getNodeInfo().getMachineID().equals(machineId());
    }

    private void remove(Node node) {
        String name = node.getMetadata().getName();
        log.atInfo().addKeyValue("node", name).log("Removing a node that this machine no longer has");
        client.resource(node).delete();
        for (Pod pod : client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", name)
                .list()
                .getItems()) {
            client.resource(pod).withGracePeriod(0).delete();
        }
    }
}
