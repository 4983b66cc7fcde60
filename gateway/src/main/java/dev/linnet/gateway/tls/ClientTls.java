package dev.linnet.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How connections to endpoints are secured. Compared by identity: whoever is to trust others gets another one, and so never a
 * connection that was made under the old trust.
 */
public final class ClientTls {
    private final SslContext context;
    private final boolean verify;
    private final boolean serverName;

    /**
     * What all these connections have in common.
     *
     * @param verify     whether the endpoint's certificate must be for its name
     * @param serverName whether it is told that name (SNI)
     */
    ClientTls(SslContext context, boolean verify, boolean serverName) {
        this.context = context;
        this.verify = verify;
        this.serverName = serverName;
    }

    /**
     * The handler of one connection. The handshake begins when the channel is active.
     *
     * @param name that the endpoint goes by
     */
    public SslHandler newHandler(ByteBufAllocator allocator, String name) {
        SSLEngine engine = context.newEngine(allocator, name, -1);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(
                serverName
                        ? sni(name).stream()
                                .<javax.net.ssl.SNIServerName>map(n -> n)
                                .toList()
                        : List.of());
        parameters.setEndpointIdentificationAlgorithm(verify ? "HTTPS" : "");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    private static Optional<SNIHostName> sni(String name) {
        try {
            return Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // an address, or nothing that a handshake could carry
        }
    }
}
