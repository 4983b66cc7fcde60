package dev.linnet.cli.up;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a local cluster listens. */
final class Listeners {

    @Option(
            names = "--api",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:6443",
            converter = HostPort.class,
            description = "The Kubernetes API (default: ${DEFAULT-VALUE}; port 0: any free one).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    InetSocketAddress api;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            converter = HostPort.class,
            description = "The gateway (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    InetSocketAddress http;

    @Option(
            names = "--https",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8443",
            converter = HostPort.class,
            description = "The gateway, over TLS (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    InetSocketAddress https;

    @Option(
            names = "--console",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9080",
            converter = HostPort.class,
            description = "The console (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    InetSocketAddress console;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9113",
            converter = HostPort.class,
            description = "The gateway's numbers (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    InetSocketAddress metrics;

    /** All on loopback, each on a free port: for clusters that are thrown away. */
    static Listeners anywhere() {
        Listeners listeners = new Listeners();
        InetSocketAddress any = new HostPort().convert("127.0.0.1:0");
        listeners.api = any;
        listeners.http = any;
        listeners.https = any;
        listeners.console = any;
        listeners.metrics = any;
        return listeners;
    }

    /** Says which port is taken, and by which flag it moves, before anything is started. */
    void check() {
        Map<String, InetSocketAddress> wanted = new LinkedHashMap<>();
        wanted.put("--api", api);
        wanted.put("--http", http);
        wanted.put("--https", https);
        wanted.put("--console", console);
        wanted.put("--metrics", metrics);
        wanted.forEach((flag, address) -> {
            try (ServerSocket free = new ServerSocket()) {
                free.setReuseAddress(true);
                free.bind(address);
            } catch (IOException e) {
                throw new UserError(
                        "cannot listen on " + HostPort.text(address) + ": " + e.getMessage()
                                + " (expected: a free port; " + flag + " "
                                + address.getAddress().getHostAddress() + ":0 takes any)",
                        e);
            }
        });
    }
}
