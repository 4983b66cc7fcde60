package dev.linnet.gateway.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes whatever certificate a client shows: that it has the key is proven by the handshake, and whether it is to be believed is decided
 * for each request, so that the answer can say what is wrong, and so that no resumed session brings an old verdict along.
 */
final class AskingTrust extends X509ExtendedTrustManager {
    private final ClientAuthorities authorities;

    AskingTrust(ClientAuthorities authorities) {
        this.authorities = authorities;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.authorities();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        throw new IllegalStateException("only clients are asked");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        throw new IllegalStateException("only clients are asked");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        throw new IllegalStateException("only clients are asked");
    }
}
