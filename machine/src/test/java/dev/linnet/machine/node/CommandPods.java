package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;

import dev.linnet.machine.node.command.CommandLine;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster whose Pods are commands of this machine: images {@code files}, {@code shell}, and {@code own} for the Pod's own command. */
final class CommandPods implements AutoCloseable {
    static final String JAVA =
            ProcessHandle.current().info().command().orElseThrow(() -> new AssertionError("there is a java"));

    final LocalCluster cluster;
    private final Path directory;

    CommandPods(Path directory) {
        this.directory = directory;
        cluster = new LocalCluster(
                directory,
                Map.of(
                        "files",
                        CommandLine.parse("'" + JAVA + "' -m jdk.httpserver -b {ip} -p {port:http} -d {dir}/srv"),
                        "shell",
                        CommandLine.parse("sh -c"),
                        "own",
                        CommandLine.parse("")),
                Optional.empty());
    }

    /** A Pod of one container {@code app} that runs the script. */
    void shell(String namespace, String name, String script, String podFields, String containerFields) {
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                %s
                  containers:
                  - name: app
                    image: shell
                    args: ["%s", first, "second word"]
                %s
                """.formatted(
                        name,
                        namespace,
                        podFields.replace("    ", "  ").stripTrailing(),
                        script.replace("\\", "\\\\").replace("\"", "\\\""),
                        containerFields.replaceAll("(?m)^        ", "    ").stripTrailing()));
    }

    Pod over(String namespace, String name) {
        eventually()
                .until(() -> List.of("Succeeded", "Failed")
                        .contains(cluster.pod(namespace, name).getStatus().getPhase()));
        return cluster.pod(namespace, name);
    }

    static ContainerStateTerminated ended(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
    }

    ContainerStatus status(String namespace, String name) {
        return cluster.pod(namespace, name).getStatus().getContainerStatuses().getFirst();
    }

    String waiting(String namespace, String name) {
        var waiting = status(namespace, name).getState().getWaiting();
        return waiting == null ? "" : waiting.getReason();
    }

    String log(String namespace, String name) {
        return cluster.client.pods().inNamespace(namespace).withName(name).getLog();
    }

    void delete(String namespace, String name) {
        cluster.client.pods().inNamespace(namespace).withName(name).delete();
        eventually()
                .atMost(Duration.ofSeconds(20))
                .until(() -> cluster.client
                                .pods()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()
                        == null);
    }

    /** The folder of a Pod's container. */
    Path own(Pod pod) {
        return directory
                .resolve("node/pods")
                .resolve(pod.getMetadata().getUid())
                .resolve("containers/app");
    }

    @Override
    public void close() {
        cluster.close();
    }
}
