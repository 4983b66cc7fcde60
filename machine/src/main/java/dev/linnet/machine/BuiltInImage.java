package dev.linnet.machine;

import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A container image that runs inside this JVM instead of in a container. Found by the last path element of the image name,
 * whatever the registry and tag.
 */
public interface BuiltInImage {

    /** The last path element of the image name, {@code podinfo}. */
    String name();

    /**
     * Starts a container. Returns once it runs; whether it is ready is for the probes to find out.
     *
     * @throws Exception when it cannot start; the Pod shows the message as the reason of a restart
     */
    Container start(Context context) throws Exception;

    /**
     * What a container is given.
     *
     * @param namespace of the Pod
     * @param pod       name of the Pod, also its host name
     * @param container name of the container
     * @param image     the image as the Pod spells it
     * @param tag       its tag, {@code latest} when it has none
     * @param address   the Pod's own address; listen and dial from it, and from no other
     * @param ports     containerPort to the port to really listen on (they differ where low ports cannot be bound)
     * @param env       environment, expanded
     * @param command   the container's command, may be empty
     * @param args      the container's args, may be empty
     * @param files     mountPath (or mountPath of a subPath file) to the real file or folder
     * @param kubeconfig credentials of the Pod's ServiceAccount
     * @param log       where the container's output goes; one write per line
     */
    record Context(
            String namespace,
            String pod,
            String container,
            String image,
            String tag,
            InetAddress address,
            Map<Integer, Integer> ports,
            Map<String, String> env,
            List<String> command,
            List<String> args,
            Map<String, Path> files,
            Path kubeconfig,
            OutputStream log) {
        public Context {
            ports = Map.copyOf(ports);
            env = Map.copyOf(env);
            command = List.copyOf(command);
            args = List.copyOf(args);
            files = Map.copyOf(files);
        }

        /** The port to really listen on for a containerPort. */
        public int realPort(int containerPort) {
            return ports.getOrDefault(containerPort, containerPort);
        }
    }

    /** A running container. */
    interface Container {

        /** Finishes open work within the grace period, then ends. Returns when it has ended. */
        void stop(Duration grace);

        /** Completes with the exit code when the container ends, by itself or stopped. */
        CompletableFuture<Integer> exit();
    }
}
