package dev.linnet.gateway.tls;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Speaks TLS with one client. */
public final class ServerTlsHandler extends SslHandler {
    private final ServerTls tls;
    private final String serverName;

    ServerTlsHandler(SSLEngine engine, ServerTls tls, String serverName) {
        super(engine);
        this.tls = tls;
        this.serverName = serverName;
        setHandshakeTimeoutMillis(0); // whoever owns the connection has deadlines, without a timer for each
    }

    /** Who the client has shown to be. To be called after the handshake. */
    public ClientIdentity identity() {
        return tls.asked()
                .map(authorities -> new ClientIdentity(authorities.name(), shown()))
                .orElse(ClientIdentity.UNASKED);
    }

    /** The host that the client has asked for, in lower case and without a dot at its end; empty for none. */
    public String serverName() {
        String name = serverName.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private List<X509Certificate> shown() {
        try {
            Certificate[] chain = engine().getSession().getPeerCertificates();
            return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException _) {
            return List.of();
        }
    }
}
