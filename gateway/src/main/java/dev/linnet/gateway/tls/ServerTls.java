package dev.linnet.gateway.tls;

import dev.linnet.routing.policy.TlsOptions;
import dev.linnet.routing.policy.TlsOptions.Sessions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a host is served over TLS: what it shows, and whom it asks for theirs. A session can only be resumed here, never where another
 * certificate is shown or others are asked for theirs (the flaw of nginx's CVE-2025-23419).
 */
public final class ServerTls {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private final Optional<ServedCertificate> own;
    private final Optional<ClientAuthorities> asked;
    private final Offer offer;
    private final AtomicReference<@Nullable CompletableFuture<SslContext>> context = new AtomicReference<>();

    /** What clients are offered, whatever host they ask for. */
    private record Offer(TlsOptions options, boolean http2) {
        List<String> protocols() {
            return http2 ? List.of("h2", "http/1.1") : List.of("http/1.1");
        }

        List<String> ciphers() {
            return options.ciphers().isEmpty()
                    ? TlsProvider.CIPHERS
                    : Stream.concat(TlsProvider.CIPHERS_OF_TLS_13.stream(), options.ciphers().stream())
                            .toList();
        }
    }

    private ServerTls(Optional<ServedCertificate> own, Optional<ClientAuthorities> asked, Offer offer) {
        this.own = own;
        this.asked = asked;
        this.offer = offer;
    }

    /**
     * Shows a certificate that nobody believes, made when first needed.
     *
     * @param http2 whether HTTP/2 is offered (ALPN)
     */
    public static ServerTls fake(TlsOptions options, boolean http2) {
        return new ServerTls(Optional.empty(), Optional.empty(), new Offer(options, http2));
    }

    /** The same with another certificate. It costs nothing until it is used. */
    public ServerTls showing(ServedCertificate other) {
        return new ServerTls(Optional.of(other), asked, offer);
    }

    /** The same, and clients of these authorities may show theirs. */
    public ServerTls asking(Optional<ClientAuthorities> authorities) {
        return new ServerTls(own, authorities, offer);
    }

    /** The certificate of a Secret, if it shows one. */
    Optional<ServedCertificate> own() {
        return own;
    }

    public ServedCertificate certificate() {
        return own.orElseGet(FakeCertificate.OfThisProcess::get);
    }

    Optional<ClientAuthorities> asked() {
        return asked;
    }

    /**
     * Makes what handshakes need, for the first who asks: of ten thousand hosts, most are quiet. It takes a few milliseconds, which no
     * event loop has, so a thread of its own does it.
     */
    public CompletableFuture<SslContext> prepare() {
        CompletableFuture<SslContext> known = context.get();
        if (known != null) {
            return known;
        }
        CompletableFuture<SslContext> begun = new CompletableFuture<>();
        CompletableFuture<SslContext> other = context.compareAndExchange(null, begun);
        if (other != null) {
            return other;
        }
        Thread.ofVirtual().name("linnet-tls").start(() -> build(begun));
        return begun;
    }

    /**
     * The handler of one connection. To be called when it is prepared.
     *
     * @param serverName that the client asks for; empty for none
     */
    ServerTlsHandler newHandler(ByteBufAllocator allocator, String serverName) {
        SSLEngine engine = prepare().join().newEngine(allocator);
        if (!givesTickets() && engine instanceof ReferenceCountedOpenSslEngine ofBoringSsl) {
            SSL.setOptions(ofBoringSsl.sslPointer(), SSL.SSL_OP_NO_TICKET); // without keys of ours it makes some itself
        }
        return new ServerTlsHandler(engine, this, serverName);
    }

    private boolean givesTickets() {
        return asked.isEmpty() && offer.options.sessions().tickets();
    }

    private void build(CompletableFuture<SslContext> begun) {
        try {
            begun.complete(build());
        } catch (SSLException | RuntimeException e) {
            log.atError().addKeyValue("certificate", own).setCause(e).log("Certificate cannot be shown");
            begun.completeExceptionally(e);
        }
    }

    private SslContext build() throws SSLException {
        ServedCertificate shown = certificate();
        Sessions sessions = offer.options.sessions();
        SslContextBuilder builder = SslContextBuilder.forServer(shown.key().reveal(), shown.chain())
                .sslProvider(TlsProvider.best())
                .keyStoreType("JKS") // lives in memory only: the usual type would encrypt the key in 10,000 rounds
                .protocols(offer.options.protocols())
                .ciphers(offer.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(sessions.lifetime().toSeconds())
                .sessionCacheSize(sessions.most())
                .clientAuth(asked.isPresent() ? ClientAuth.OPTIONAL : ClientAuth.NONE)
                .trustManager(
                        asked.<X509ExtendedTrustManager>map(AskingTrust::new).orElseGet(NoTrust::new))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        offer.protocols()));
        SslContext built = builder.build();
        if (built.sessionContext() instanceof OpenSslServerSessionContext ofBoringSsl) {
            ofBoringSsl.setSessionCacheEnabled(asked.isEmpty() && sessions.kept());
            if (givesTickets()) {
                ofBoringSsl.setTicketKeys(newTicketKey());
            }
        }
        return built;
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
