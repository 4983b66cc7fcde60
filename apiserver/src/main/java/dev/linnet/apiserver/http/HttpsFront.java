package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Callers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The listening socket: HTTP/1.1 over TLS, one virtual thread per request. */
public final class HttpsFront implements AutoCloseable {
    private static final int HEADER_LIMIT = 64 << 10;
    /** A connection on which nobody asks anything; watches are not idle in this sense. */
    private static final long IDLE_MILLIS = 300_000;

    private final Server server;
    private final ServerConnector connector;

    private HttpsFront(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Where to listen, and who we are then.
     *
     * @param listen    port 0 takes any free one
     * @param addresses under which clients may name the server, beside loopback
     */
    public record Place(InetSocketAddress listen, List<InetAddress> addresses) {
        public Place {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Listens when it returns.
     *
     * @throws UncheckedIOException when the address cannot be had
     */
    public static HttpsFront open(Place place, SSLContext tls, Callers callers, Answerer answerer) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("api");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("api-request-"));
        Server server = new Server(threads);
        ServerConnector connector = connector(server, place.listen(), tls);
        server.addConnector(connector);
        Guard guard = new Guard(hosts(place));
        server.setHandler(new ApiHandler(guard, callers, answerer));
        return new HttpsFront(server, connector).started(place.listen());
    }

    /** As they stand in a Host header. */
    private static Set<String> hosts(Place place) {
        Set<String> hosts = new HashSet<>();
        hosts.add(place.listen().getHostString());
        for (InetAddress address : place.addresses()) {
            String text = address.getHostAddress();
            hosts.add(text.contains(":") ? "[" + text + "]" : text);
        }
        return hosts;
    }

    private static ServerConnector connector(Server server, InetSocketAddress listen, SSLContext tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_LIMIT);
        // The guard decides which host names are ours, and says so in a Status; clients inside Pods use other names.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls);
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new SslConnectionFactory(ssl, "http/1.1"), new HttpConnectionFactory(http));
        connector.setHost(listen.getAddress().getHostAddress());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    private HttpsFront started(InetSocketAddress listen) {
        try {
            server.start();
            return this;
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("cannot listen on " + listen.getHostString() + ":" + listen.getPort(), e);
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the HTTPS server did not start", e);
        }
    }

    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTPS server did not stop", e);
        }
    }
}
