package dev.linnet.gateway;

import dev.linnet.gateway.tls.BadCertificate;
import dev.linnet.gateway.tls.CertificateTable;
import dev.linnet.gateway.tls.ClientAuthorities;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.ServedCertificate;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Upstream.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A {@link World} that serves HTTPS too. */
final class TlsWorld implements AutoCloseable {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final Authorities AUTHORITIES = Authorities.in(new SecretRef("default", "ca"));

    final World world;
    private CertificateTable hosts = TlsTables.FAKE.certificates();
    private final Map<Authorities, ClientAuthorities> authorities = new HashMap<>();
    private final Map<Trust, ClientTls> trusts = new HashMap<>();
    private ServerTls fake = TlsTables.FAKE.certificates().find("");

    TlsWorld() {
        world = new World(settings -> settings.withHttps(ANY));
    }

    /** From now on, for what is shown later. */
    TlsWorld speaks(GlobalPolicy policy) {
        fake = ServerTls.fake(policy.tls(), policy.clients().http2().on());
        hosts = CertificateTable.showing(fake);
        return install();
    }

    TlsWorld shows(String host, Issued certificate) {
        hosts = hosts.with(Map.of(host, Optional.of(fake.showing(served(certificate)))));
        return install();
    }

    TlsWorld asks(String host, Issued certificate, TestAuthority of) {
        try {
            ClientAuthorities asked =
                    ClientAuthorities.of(AUTHORITIES, Secret.of(Map.of("ca.crt", TestAuthority.pem(of.certificate()))));
            authorities.put(AUTHORITIES, asked);
            hosts = hosts.with(
                    Map.of(host, Optional.of(fake.showing(served(certificate)).asking(Optional.of(asked)))));
            return install();
        } catch (BadCertificate e) {
            throw new IllegalStateException(e);
        }
    }

    TlsWorld trusts(Trust trust, Issued ours) {
        try {
            trusts.put(trust, ClientTls.of(trust, Secret.of(ours.secret())));
            return install();
        } catch (BadCertificate e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServedCertificate served(Issued certificate) {
        try {
            return ServedCertificate.of(new SecretRef("default", "cert"), Secret.of(certificate.secret()));
        } catch (BadCertificate e) {
            throw new IllegalStateException(e);
        }
    }

    private TlsWorld install() {
        world.gateway.routes().secure(new TlsTables(hosts, authorities, trusts));
        return this;
    }

    InetSocketAddress address() {
        return world.gateway.httpsAddress().orElseThrow();
    }

    /** A connection after its handshake. */
    SSLSocket connect(SSLContext context, String serverName, String... protocols) {
        return connect(context, serverName, parameters -> {
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
        });
    }

    /** One over which HTTP/2 is spoken. */
    Frames connectHttp2(SSLContext context, String serverName) {
        return Frames.over(new Conversation(
                connect(context, serverName, parameters -> parameters.setApplicationProtocols(new String[] {"h2"}))));
    }

    private SSLSocket connect(SSLContext context, String serverName, Consumer<SSLParameters> more) {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
            socket.connect(address());
            socket.setSoTimeout((int) Conversation.PATIENCE.toMillis());
            SSLParameters parameters = socket.getSSLParameters();
            if (!serverName.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            more.accept(parameters);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request over a connection of its own. */
    Conversation.Response get(SSLContext context, String host, String path) {
        try (Conversation client = new Conversation(connect(context, host))) {
            return client.get(host, path);
        }
    }

    /** What a handshake shows. */
    Certificate[] shown(SSLContext context, String serverName) {
        try (SSLSocket socket = connect(context, serverName)) {
            return socket.getSession().getPeerCertificates();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        world.close();
    }
}
