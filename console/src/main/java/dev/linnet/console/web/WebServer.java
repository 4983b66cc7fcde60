package dev.linnet.console.web;

import dev.linnet.console.access.Sessions;
import dev.linnet.console.cluster.Releases;
import dev.linnet.console.traffic.Gateways;
import dev.linnet.console.traffic.Readings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.InstantSource;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The console's HTTP server. Requests are handled on virtual threads, so a page that is looked at all day holds nobody up. */
public final class WebServer implements AutoCloseable {
    private static final int THREADS = 8;
    private static final long IDLE_MILLIS = 60_000;

    private final Server server;
    private final ServerConnector connector;
    private final EventStream stream;

    /**
     * What it shows, and to whom.
     *
     * @param secure whether browsers come over TLS, which something before the console ends
     */
    public record Content(
            Releases releases,
            Readings readings,
            Gateways gateways,
            Sessions sessions,
            Entrances entrances,
            boolean secure,
            InstantSource clock) {}

    private WebServer(InetSocketAddress listen, int cookiePort, Content content) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("console");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("console-"));
        this.server = new Server(threads);
        this.connector = connector();
        connector.setHost(listen.getAddress().getHostAddress());
        server.addConnector(connector);
        this.stream = new EventStream(content.releases().changed());
        Desk desk = new Desk(
                content.releases(),
                content.readings(),
                content.gateways(),
                new Templates(),
                new Assets(),
                content.clock());
        CookieName cookie = new CookieName(cookiePort, content.secure());
        Guard guard = new Guard(listen.getAddress().isLoopbackAddress());
        LoginPages login = new LoginPages(desk, content.sessions(), content.entrances(), cookie);
        server.setHandler(new Front(guard, cookie, content.sessions(), desk, login, stream));
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(32 * 1024); // cookies of other programs on localhost come along
        ServerConnector made = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        made.setIdleTimeout(IDLE_MILLIS);
        return made;
    }

    /**
     * Takes an address, at which nobody is heard yet.
     *
     * @throws IOException when it cannot be had; says why
     */
    public static ServerSocketChannel bind(InetSocketAddress listen) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return socket.bind(listen);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Listens.
     *
     * @param socket     where; is closed with the server
     * @param cookiePort by which browsers know this console
     * @throws IOException when it cannot
     */
    public static WebServer start(ServerSocketChannel socket, int cookiePort, Content content) throws IOException {
        WebServer web = new WebServer((InetSocketAddress) socket.getLocalAddress(), cookiePort, content);
        try {
            web.connector.open(socket);
            web.server.start();
        } catch (Exception e) {
            web.close();
            throw new IOException("the console cannot serve " + socket + ": " + e.getMessage(), e);
        }
        return web;
    }

    /**
     * Serves another socket, too, which is closed with the server.
     *
     * @throws IOException when it cannot
     */
    public void alsoServe(ServerSocketChannel socket) throws IOException {
        ServerConnector second = connector();
        server.addConnector(second);
        try {
            second.open(socket);
            second.start();
        } catch (Exception e) {
            throw new IOException("the console cannot serve " + socket + ": " + e.getMessage(), e);
        }
    }

    /** Where it really listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    @Override
    public void close() {
        stream.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the console's HTTP server could not be stopped", e);
        }
    }
}
