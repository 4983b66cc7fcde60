package dev.linnet.machine.podproxy;

import dev.linnet.machine.proxy.Acceptor;
import dev.linnet.machine.proxy.Connections;
import dev.linnet.machine.proxy.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One Pod's HTTP proxy: listens on the Pod's address and goes out from it. Ends with the Pod. */
public final class PodProxy implements AutoCloseable {
    private static final int CALLERS = 1_024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** What a Pod says to itself does not need us, and the API's address in its kubeconfig is one of the host. */
    private static final String NOT_BY_PROXY = "localhost,127.0.0.1,::1";

    private final InetSocketAddress address;
    private final Connections connections = new Connections(CALLERS);
    private final PodDialer dialer;
    private final Acceptor acceptor;
    private Optional<HttpClient> client = Optional.empty();
    private boolean closed;

    private PodProxy(InetSocketAddress address, PodDialer dialer) throws IOException {
        this.dialer = dialer;
        this.acceptor = Acceptor.listen(address, connections, this::serve);
        this.address = acceptor.address();
    }

    /** @throws IOException when the port cannot be had */
    static PodProxy listen(InetSocketAddress address, PodDialer dialer) throws IOException {
        return new PodProxy(address, dialer);
    }

    private void serve(SocketChannel caller) throws IOException, InterruptedException {
        InetAddress from = ((InetSocketAddress) caller.getRemoteAddress()).getAddress();
        InetAddress pod = ((InetSocketAddress) caller.getLocalAddress()).getAddress();
        if (!from.isLoopbackAddress() && !from.equals(pod)) {
            // Pods that are off loopback can be reached by other machines; this is not for them.
            Relay.abort(caller);
            return;
        }
        new ProxyConnection(caller, dialer, connections).serve();
    }

    public InetSocketAddress address() {
        return address;
    }

    /** What tells the programs of the Pod where the proxy is. Both spellings, because programs know one or the other. */
    public Map<String, String> environment() {
        String url = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : new String[] {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"}) {
            environment.put(name, url);
        }
        environment.put("no_proxy", NOT_BY_PROXY);
        environment.put("NO_PROXY", NOT_BY_PROXY);
        return environment;
    }

    /** A client that goes through this proxy, for images inside this program; made when it is first asked for. */
    public synchronized HttpClient client() {
        if (closed) {
            throw new IllegalStateException("the Pod has ended");
        }
        HttpClient present = client.orElseGet(() -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(ProxySelector.of(address))
                .build());
        client = Optional.of(present);
        return present;
    }

    /** Ends it with all its connections. */
    @Override
    public void close() {
        Optional<HttpClient> open;
        synchronized (this) {
            closed = true;
            open = client;
        }
        open.ifPresent(HttpClient::shutdownNow);
        acceptor.close();
        connections.closeAll();
    }
}
