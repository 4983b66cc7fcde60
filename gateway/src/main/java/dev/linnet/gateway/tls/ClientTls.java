package dev.linnet.gateway.tls;

import dev.linnet.routing.Secret;
import dev.linnet.routing.policy.Upstream.Roots;
import dev.linnet.routing.policy.Upstream.Trust;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections to endpoints are secured. Compared by identity: whoever is to trust others gets another one, and so never a
 * connection that was made under the old trust.
 */
public final class ClientTls {
    private static final ApplicationProtocolConfig OFFER_HTTP_2 = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private final SslContext http1;
    private final SslContext http2;
    private final boolean verify;
    private final boolean serverName;

    /**
     * What all these connections have in common.
     *
     * @param verify     whether the endpoint's certificate must be for its name
     * @param serverName whether it is told that name (SNI)
     */
    private ClientTls(SslContextBuilder builder, boolean verify, boolean serverName) {
        this.http1 = build(builder);
        this.http2 = build(builder.applicationProtocolConfig(OFFER_HTTP_2));
        this.verify = verify;
        this.serverName = serverName;
    }

    /** Encrypts, and believes any endpoint: what ingress-nginx does unless it is told whom to believe. */
    static ClientTls believing() {
        return Believing.ANYBODY;
    }

    /** The same, and tells an endpoint its name, since it may go by several: for addresses that people write as URLs. */
    public static ClientTls believingByName() {
        return Believing.ANYBODY_BY_NAME;
    }

    /** Made when first needed. */
    private static final class Believing {
        private static final ClientTls ANYBODY = new ClientTls(anybody(), false, false);
        private static final ClientTls ANYBODY_BY_NAME = new ClientTls(anybody(), false, true);

        private static SslContextBuilder anybody() {
            return builder().trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
    }

    /**
     * Whom the author trusts.
     *
     * @param secret empty if the author names none
     * @throws BadCertificate if the Secret does not hold what is needed
     */
    public static ClientTls of(Trust trust, Secret<Map<String, byte[]>> secret) throws BadCertificate {
        Map<String, byte[]> data = Entries.of(secret);
        SslContextBuilder builder = builder().protocols(trust.protocols());
        if (trust.roots() == Roots.OF_SECRET_AND_US || data.containsKey("tls.crt") || data.containsKey("tls.key")) {
            ServedCertificate ours = ServedCertificate.of(trust.secret().orElseThrow(), secret);
            builder.keyManager(ours.key().reveal(), ours.chain());
        }
        if (!trust.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            return new ClientTls(builder, false, trust.serverName());
        }
        boolean usual = trust.roots() == Roots.USUAL && !data.containsKey("ca.crt");
        TrustManagerFactory believed = usual
                ? Authorities.usual()
                : Authorities.trust(Pem.certificates(Entries.of(data, "ca.crt"), "ca.crt"), trust.depth());
        if (trust.subjects().isEmpty()) {
            builder.trustManager(believed);
        } else {
            builder.trustManager(new NamedTrust(Authorities.manager(believed), trust.subjects()));
        }
        return new ClientTls(builder, trust.subjects().isEmpty(), trust.serverName());
    }

    private static SslContextBuilder builder() {
        return SslContextBuilder.forClient()
                .sslProvider(TlsProvider.best())
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm(null);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java cannot speak TLS to endpoints", e);
        }
    }

    /**
     * The handler of one connection. The handshake begins when the channel is active.
     *
     * @param name    that the endpoint goes by
     * @param asHttp2 whether HTTP/2 is offered (ALPN), and nothing else; else nothing is
     */
    public SslHandler newHandler(ByteBufAllocator allocator, String name, boolean asHttp2) {
        SSLEngine engine = (asHttp2 ? http2 : http1).newEngine(allocator, name, -1);
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

    private static List<SNIServerName> sni(String name) {
        try {
            return List.of(new SNIHostName(name));
        } catch (IllegalArgumentException _) {
            return List.of(); // an address, or nothing that a handshake could carry
        }
    }
}
