package dev.linnet.machine.node;

import dev.linnet.machine.control.ReconcileLoop;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one node known to the API and keeps saying that it is alive. */
final class NodeRegistration implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeRegistration.class);
    private static final String VERSION = "v1.33.0+linnet";
    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);
    private static final int LEASE_SECONDS = 40;
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final LocalNode node;
    private final InetSocketAddress logs;
    private final InstantSource clock;
    private final Thread thread;
    private boolean told;

    /** @param logs where the agent serves this node's logs; its address is the node's */
    NodeRegistration(KubernetesClient client, LocalNode node, InetSocketAddress logs, InstantSource clock) {
        this.client = client;
        this.node = node;
        this.logs = logs;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("node " + node.name()).unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    private void work() {
        try {
            while (!tried(this::register)) {
                Thread.sleep(RETRY);
            }
            log.atInfo().addKeyValue("node", node.name()).log("Node registered");
            while (true) {
                boolean alive = tried(this::renewLease);
                Thread.sleep(alive ? HEARTBEAT : RETRY);
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    private boolean tried(Runnable step) throws InterruptedException {
        try {
            step.run();
            told = false;
            return true;
        } catch (KubernetesClientException e) {
            RunningContainer.throwIfInterrupted();
            if (!told) {
                log.atWarn().addKeyValue("node", node.name()).setCause(e).log("The API does not hear from this node");
                told = true;
            }
            return false;
        }
    }

    private void register() {
        Node known = client.nodes().withName(node.name()).get();
        if (known == null) {
            client.resource(named().build()).create();
        } else {
            String labels = client.getKubernetesSerialization().asJson(labels());
            client.nodes()
                    .withName(node.name())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":" + labels + "}}");
        }
        String status = client.getKubernetesSerialization().asJson(status());
        client.nodes()
                .withName(node.name())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
    }

    private NodeBuilder named() {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(node.name())
                .withLabels(labels())
                .endMetadata()
                .withNewSpec()
                .endSpec();
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(node.labels());
        labels.put("kubernetes.io/hostname", node.name());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", architecture());
        return labels;
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "amd64");
        return name.equals("aarch64") ? "arm64" : name;
    }

    private NodeStatus status() {
        return new NodeStatusBuilder()
                .withCapacity(LocalNode.SIZE)
                .withAllocatable(LocalNode.SIZE)
                .withAddresses(
                        new NodeAddress(logs.getAddress().getHostAddress(), "InternalIP"),
                        new NodeAddress(node.name(), "Hostname"))
                .withConditions(conditions())
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(logs.getPort())
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withArchitecture(architecture())
                .withBootID("")
                .withContainerRuntimeVersion(
                        FormerNodes.RUNTIME + Runtime.version().feature())
                .withKernelVersion(System.getProperty("os.version", "unknown"))
                .withKubeProxyVersion(VERSION)
                .withKubeletVersion(VERSION)
                .withMachineID(FormerNodes.machineId())
                .withOperatingSystem("linux")
                .withOsImage(System.getProperty("os.name", "unknown"))
                .withSystemUUID(node.name())
                .endNodeInfo()
                .build();
    }

    private List<NodeCondition> conditions() {
        return List.of(
                condition(
                        "MemoryPressure",
                        false,
                        "KubeletHasSufficientMemory",
                        "kubelet has sufficient memory available"),
                condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                condition("Ready", true, "KubeletReady", "kubelet is posting ready status"));
    }

    private NodeCondition condition(String type, boolean status, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .withLastHeartbeatTime(now)
                .withLastTransitionTime(now)
                .build();
    }

    private void renewLease() {
        ZonedDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
        String patch = "{\"spec\":{\"holderIdentity\":\"%s\",\"leaseDurationSeconds\":%d,\"renewTime\":\"%s\"}}"
                .formatted(node.name(), LEASE_SECONDS, microseconds(now));
        try {
            client.leases()
                    .inNamespace(LEASE_NAMESPACE)
                    .withName(node.name())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        } catch (KubernetesClientException e) {
            if (!ReconcileLoop.isNotFound(e)) {
                throw e;
            }
            createLease(now);
        }
    }

    /** MicroTime has six digits, always. */
    private static String microseconds(ZonedDateTime time) {
        return MICRO_TIME.format(time);
    }

    private void createLease(ZonedDateTime now) {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withName(node.name())
                .withNamespace(LEASE_NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(node.name())
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(now)
                .endSpec()
                .build();
        if (client.namespaces().withName(LEASE_NAMESPACE).get() == null) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(LEASE_NAMESPACE)
                            .endMetadata()
                            .build())
                    .create();
        }
        client.resource(lease).create();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
