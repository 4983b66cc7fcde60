package dev.linnet.loadtester.hey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The proxy that {@code http_proxy} and {@code no_proxy} name, as command-line programs read them. */
public final class ProxyEnvironment extends ProxySelector {
    private static final int USUAL_PORT = 80;

    private final Optional<InetSocketAddress> proxy;
    private final List<String> directly;

    private ProxyEnvironment(Optional<InetSocketAddress> proxy, List<String> directly) {
        this.proxy = proxy;
        this.directly = directly;
    }

    /** Reads an environment; without {@code http_proxy} nothing goes through a proxy. */
    public static ProxyEnvironment of(Map<String, String> env) {
        String text = env.getOrDefault("http_proxy", "").strip();
        if (text.isEmpty()) {
            return new ProxyEnvironment(Optional.empty(), List.of());
        }
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
        List<String> directly = Arrays.stream(env.getOrDefault("no_proxy", "").split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
        return new ProxyEnvironment(Optional.of(new InetSocketAddress(uri.getHost(), port)), directly);
    }

    @Override
    public List<Proxy> select(URI uri) {
        boolean through = proxy.isPresent() && "http".equals(uri.getScheme()) && !isDirect(uri.getHost());
        return List.of(through ? new Proxy(Proxy.Type.HTTP, proxy.get()) : Proxy.NO_PROXY);
    }

    private boolean isDirect(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return directly.stream()
                .anyMatch(pattern -> pattern.equals("*")
                        || name.equals(pattern)
                        || name.endsWith(pattern.startsWith(".") ? pattern : "." + pattern));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request that wanted the connection fails and is counted.
    }
}
