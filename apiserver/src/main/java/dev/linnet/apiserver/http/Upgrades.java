package dev.linnet.apiserver.http;

import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/** Goes on in another protocol where a client asked for it. */
final class Upgrades {
    private static final int SWITCHING = 101;

    private final WebSocketComponents components = new WebSocketComponents();
    private final WebSocketMappings sockets = new WebSocketMappings(components);

    /** To be started and stopped with the server. */
    WebSocketComponents components() {
        return components;
    }

    /** What a client asks for; empty where it asks for nothing. */
    static Optional<Upgrade> wanted(Request request) {
        String protocol = request.getHeaders().get(HttpHeader.UPGRADE);
        return protocol == null
                ? Optional.empty()
                : Optional.of(new Upgrade(
                        protocol,
                        request.getHeaders().stream()
                                .filter(field -> Upgrade.concerns(field.getName()))
                                .map(field -> new Header(field.getName(), String.valueOf(field.getValue())))
                                .toList()));
    }

    /** Leaves the connection to the client and the one behind us. */
    void tunnel(Reply.Switched switched, Request request, Response response, Callback callback) {
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        Tunnel tunnel = new Tunnel(client, request.getComponents().getExecutor(), switched.behind());
        response.setStatus(SWITCHING);
        response.getHeaders().put(HttpHeader.UPGRADE, switched.upgrade().protocol());
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        switched.upgrade().headers().forEach(header -> response.getHeaders().add(header.name(), header.value()));
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel);
        callback.succeeded();
    }

    /** @return false when the client's handshake is none */
    boolean watch(Reply.Stream stream, Request request, Response response, Callback callback) {
        WebSocketNegotiator negotiator = (_, _, _) -> new WatchSocket(stream);
        Configuration.ConfigurationCustomizer endless = new Configuration.ConfigurationCustomizer();
        // A watch ends by itself, and may be silent until then.
        endless.setIdleTimeout(Duration.ZERO);
        endless.setAutoFragment(false);
        return sockets.upgrade(negotiator, request, response, callback, endless);
    }
}
