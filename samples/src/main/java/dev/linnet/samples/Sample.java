package dev.linnet.samples;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** A small service to try releases on. It runs inside this JVM, as often as wanted, one instance for each container. */
public interface Sample {

    /** The last path element of the image that it stands in for, {@code podinfo}. */
    String name();

    /**
     * Starts one instance. Returns once it runs; whether it is ready is for probes to find out.
     *
     * @throws Exception when it cannot start; the message says which setting is wrong and what would be right
     */
    Running start(Setting setting) throws Exception;

    /**
     * What one container is given.
     *
     * @param pod      name of the Pod, which is its host name
     * @param tag      tag of the image, which is the version
     * @param address  the Pod's own address; the sample listens there and nowhere else
     * @param realPort container port to the port to really listen on
     * @param env      environment
     * @param command  the container's command, may be empty
     * @param args     the container's args, may be empty
     * @param files    mount path (of a folder, or of a file mounted by subPath) to the real one
     * @param http     gives a client that calls from the Pod's address and knows the cluster's names; it ends with the Pod
     * @param log      where output goes; one write for each line
     */
    record Setting(
            String pod,
            String tag,
            InetAddress address,
            IntUnaryOperator realPort,
            Map<String, String> env,
            List<String> command,
            List<String> args,
            Map<String, Path> files,
            Supplier<HttpClient> http,
            OutputStream log) {
        public Setting {
            env = Map.copyOf(env);
            command = List.copyOf(command);
            args = List.copyOf(args);
            files = Map.copyOf(files);
        }

        /** Without the environment, which may hold secrets. */
        @Override
        public String toString() {
            return "Setting[pod=" + pod + ", tag=" + tag + ", address=" + address.getHostAddress() + "]";
        }
    }

    /** One running instance. */
    interface Running {

        /**
         * Accepts no more connections, finishes open requests within the grace period, then ends. Returns when it has ended.
         */
        void stop(Duration grace);

        /** Completes with the exit code when the instance ends, by itself or stopped. */
        CompletableFuture<Integer> exit();
    }
}
