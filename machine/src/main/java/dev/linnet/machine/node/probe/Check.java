package dev.linnet.machine.node.probe;

import dev.linnet.machine.Image;
import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.node.spec.PodPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One question to a container, with all names resolved. */
public sealed interface Check {

    /**
     * A request that must be answered with a status from 200 to 399.
     *
     * @param port    really listened on
     * @param headers in the order of the spec; may name another {@code Host}
     */
    record HttpGet(boolean tls, String host, int port, String path, Map<String, String> headers) implements Check {
        String url() {
            return (tls ? "https" : "http") + "://" + host + ":" + port + path;
        }
    }

    /** A connection that must be taken. */
    record TcpConnect(String host, int port) implements Check {}

    /**
     * A service that must say that it serves.
     *
     * @param service empty for the server as a whole
     */
    record Grpc(String host, int port, String service) implements Check {}

    /** A command that must end with 0. */
    record Run(Image.Exec exec, List<String> command) implements Check {}

    /** A question that cannot be asked here. It counts as answered well, because nothing speaks against it. */
    record Unsupported(String what) implements Check {}

    /** A question that cannot be understood: it counts as answered badly. */
    record Broken(String problem) implements Check {}

    /** Reads the action of a probe or hook, of which one is there. */
    static Check of(
            @Nullable HTTPGetAction http,
            @Nullable TCPSocketAction tcp,
            @Nullable GRPCAction grpc,
            @Nullable ExecAction exec,
            Target target) {
        if (http != null) {
            return target.port(http.getPort())
                    .<Check>map(port -> httpGet(http, port, target))
                    .orElseGet(() -> target.noPort(http.getPort()));
        }
        if (tcp != null) {
            return target.port(tcp.getPort())
                    .<Check>map(port -> new TcpConnect(target.host(tcp.getHost()), port))
                    .orElseGet(() -> target.noPort(tcp.getPort()));
        }
        if (grpc != null) {
            return new Grpc(
                    target.podIp(),
                    target.lowPorts().realPort(grpc.getPort()),
                    Objects.requireNonNullElse(grpc.getService(), ""));
        }
        if (exec == null) {
            return new Broken("missing probe handler");
        }
        return target.exec()
                .<Check>map(here -> new Run(here, exec.getCommand()))
                .orElseGet(() -> new Unsupported("runs a command, which images inside this program do not have"));
    }

    private static Check httpGet(HTTPGetAction http, int port, Target target) {
        Map<String, String> headers = new LinkedHashMap<>();
        http.getHttpHeaders().forEach(header -> headers.put(header.getName(), header.getValue()));
        String path = Objects.requireNonNullElse(http.getPath(), "/");
        boolean tls = "https"
                .equals(Objects.requireNonNullElse(http.getScheme(), "http").toLowerCase(Locale.ROOT));
        return new HttpGet(tls, target.host(http.getHost()), port, path.startsWith("/") ? path : "/" + path, headers);
    }

    /**
     * Whom to ask.
     *
     * @param podIp    of its Pod
     * @param lowPorts where its low ports really are
     * @param exec     how to run commands in it, where there are commands
     */
    record Target(Container container, String podIp, LowPorts lowPorts, Optional<Image.Exec> exec) {
        private String host(@Nullable String host) {
            return host == null || host.isEmpty() ? podIp : host;
        }

        private Optional<Integer> port(IntOrString port) {
            return PodPorts.resolve(port, container).map(lowPorts::realPort);
        }

        private Check noPort(IntOrString port) {
            return new Broken("couldn't find port: " + port.getStrVal() + " in container " + container.getName());
        }
    }
}
