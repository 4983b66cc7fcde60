package dev.linnet.machine.node.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the address of each node and serves there what the API server asks of the nodes. */
public final class AgentServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentServer.class);

    /** Kubelet's port. */
    private static final int PORT = 10_250;

    /** Longer than the longest silence of a container that somebody follows. */
    private static final long IDLE_MILLIS = 4L * 60 * 60 * 1_000;

    private static final long STOP_MILLIS = 500;

    private final Server server;
    private final Map<InetAddress, ServerConnector> connectors = new LinkedHashMap<>();

    /**
     * A server that does not listen yet.
     *
     * @param isToken   whether a token gives access; takes the same time whatever the answer
     * @param endpoints asked in turn
     */
    public AgentServer(Predicate<String> isToken, Handler... endpoints) {
        server = new Server(new VirtualThreadPool());
        server.setHandler(new Doorkeeper(isToken, new Handler.Sequence(endpoints)));
        server.setStopTimeout(STOP_MILLIS);
    }

    /**
     * Begins to listen.
     *
     * @return where, in the order of the addresses
     * @throws IOException when an address cannot be had
     */
    public List<InetSocketAddress> start(List<InetAddress> addresses) throws IOException {
        for (InetAddress address : addresses) {
            ServerConnector connector = connector(address);
            open(connector);
            connectors.put(address, connector);
            server.addConnector(connector);
        }
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("The node agent cannot serve: " + e.getMessage(), e);
        }
        return connectors.entrySet().stream()
                .map(entry ->
                        new InetSocketAddress(entry.getKey(), entry.getValue().getLocalPort()))
                .toList();
    }

    private ServerConnector connector(InetAddress address) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(address.getHostAddress());
        connector.setPort(PORT);
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    /** A program that listens on 0.0.0.0 may have kubelet's port; the Node object names the one that we have. */
    private static void open(ServerConnector connector) throws IOException {
        try {
            connector.open();
        } catch (IOException e) {
            connector.setPort(0);
            connector.open();
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            log.atDebug().setCause(e).log("Agent did not stop cleanly");
        }
    }
}
