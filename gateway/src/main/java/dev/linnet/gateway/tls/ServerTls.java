package dev.linnet.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How a host is served over TLS: what it shows, and whom it asks for theirs. A session can only be resumed here, never where another
 * certificate is shown or others are asked for theirs (the flaw of nginx's CVE-2025-23419).
 */
public final class ServerTls {
    private static final Duration SESSION = Duration.ofMinutes(10);
    private static final int SESSIONS = 20_000;

    private final Optional<ServedCertificate> own;
    private final Optional<ClientAuthorities> asked;
    private final List<String> protocols;
    private volatile @Nullable SslContext context;

    private ServerTls(Optional<ServedCertificate> own, Optional<ClientAuthorities> asked, List<String> protocols) {
        this.own = own;
        this.asked = asked;
        this.protocols = List.copyOf(protocols);
    }

    /**
     * Shows a certificate that nobody believes, made when first needed.
     *
     * @param protocols that are offered (ALPN), the best first
     */
    public static ServerTls fake(List<String> protocols) {
        return new ServerTls(Optional.empty(), Optional.empty(), protocols);
    }

    /** The same with another certificate. It costs nothing until it is used. */
    public ServerTls showing(ServedCertificate other) {
        return new ServerTls(Optional.of(other), asked, protocols);
    }

    /** The same, and clients of these authorities may show theirs. */
    public ServerTls asking(Optional<ClientAuthorities> authorities) {
        return new ServerTls(own, authorities, protocols);
    }

    /** The certificate of a Secret, if it shows one. */
    Optional<ServedCertificate> own() {
        return own;
    }

    public ServedCertificate certificate() {
        return own.orElseGet(FakeCertificate.OfThisProcess::get);
    }

    /** Makes all that the first handshake would have to wait for. Takes a while: not for event loops. */
    public void prepare() {
        context();
    }

    Optional<ClientAuthorities> asked() {
        return asked;
    }

    /** The handler of one connection. */
    ServerTlsHandler newHandler(ByteBufAllocator allocator) {
        return new ServerTlsHandler(context().newEngine(allocator), this);
    }

    /** Made by the first who needs it: of ten thousand hosts, most are quiet. Two at once make two, and one stays. */
    private SslContext context() {
        SslContext known = context;
        if (known == null) {
            known = build();
            context = known;
        }
        return known;
    }

    private SslContext build() {
        ServedCertificate shown = certificate();
        SslContextBuilder builder = SslContextBuilder.forServer(shown.key().reveal(), shown.chain())
                .sslProvider(TlsProvider.best())
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(TlsProvider.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(SESSION.toSeconds())
                .sessionCacheSize(SESSIONS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        asked.ifPresent(
                authorities -> builder.clientAuth(ClientAuth.OPTIONAL).trustManager(new AskingTrust(authorities)));
        try {
            SslContext built = builder.build();
            if (asked.isEmpty() && built.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                sessions.setTicketKeys(newTicketKey()); // BoringSSL issues tickets only with keys of ours
            }
            return built;
        } catch (SSLException e) {
            throw new IllegalStateException("cannot show " + shown, e);
        }
    }

    private static OpenSslSessionTicketKey newTicketKey() {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(hmac);
        random.nextBytes(aes);
        return new OpenSslSessionTicketKey(name, hmac, aes);
    }
}
