package dev.linnet.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a container runs: something inside this JVM, or a command of this machine. */
public interface Image {

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
     * @param directory the container's own folder: what is mounted at {@code /a/b} is there as {@code a/b}
     * @param workingDirectory where it works: the container's {@code workingDir}, in its own folder
     * @param kubeconfig credentials of the Pod's ServiceAccount
     * @param http      gives an HTTP client that calls from the Pod's address, and knows the names that the Pod would find in
     *                  cluster DNS; it ends with the Pod, so nobody else closes it
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
            Path directory,
            Path workingDirectory,
            Path kubeconfig,
            Supplier<HttpClient> http,
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

        /** How to run a command beside it; empty where there are no commands, as inside this JVM. */
        default Optional<Exec> exec() {
            return Optional.empty();
        }
    }

    /** Runs commands where a container runs: for probes, hooks, and people. */
    interface Exec {

        /**
         * Runs a command to its end.
         *
         * @param timeout after which it is killed
         * @throws IOException when it cannot be started, or did not end in time; the message says which
         */
        Ended run(List<String> command, Duration timeout) throws IOException, InterruptedException;

        /**
         * Starts a command that somebody talks to.
         *
         * @throws IOException when it cannot be started; the message says why
         */
        Dialogue start(List<String> command) throws IOException;
    }

    /** A command that somebody talks to. Its streams block. */
    interface Dialogue {

        OutputStream input();

        InputStream output();

        InputStream errors();

        /** Waits for its end; the exit code. */
        int await() throws InterruptedException;

        /** Ends it and all that it has started, at once. Does nothing when there is nothing left. */
        void kill();
    }

    /** @param output the first part of what the command wrote, to whichever stream */
    record Ended(int exitCode, String output) {}
}
