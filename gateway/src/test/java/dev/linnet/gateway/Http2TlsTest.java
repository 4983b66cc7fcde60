package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Upstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 that a handshake has agreed upon, on either side. */
final class Http2TlsTest {
    private static final String HOST = "app.example.com";

    private final TestAuthority authority = TestAuthority.named("authority");
    private final TlsWorld tls = new TlsWorld();

    @AfterEach
    void close() {
        tls.close();
    }

    private SSLSocket offering(String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) authority
                .context()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), tls.address().getPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(HOST)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void clientThatOffersHttp2IsServedIt() throws Exception {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        tls.world.everythingTo(upstream);
        tls.shows(HOST, authority.issue(HOST));

        SSLSocket socket = offering("h2", "http/1.1");
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        try (Frames client = Frames.over(new Conversation(socket))) {
            for (int stream = 1; stream < 9; stream += 2) {
                assertThat(client.get(stream, "/").answer(stream).body).hasToString("hello");
            }
        }
        assertThat(upstream.nextHead()).contains("X-Forwarded-Proto: https\r\n", "X-Forwarded-Port: 443\r\n");
    }

    @Test
    void clientThatDoesNotIsServedHttp11() throws Exception {
        tls.world.everythingTo(ScriptedUpstream.saying("hello"));
        tls.shows(HOST, authority.issue(HOST));

        SSLSocket socket = offering("http/1.1");
        assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        try (Conversation client = new Conversation(socket)) {
            assertThat(client.get(HOST, "/").body()).isEqualTo("hello");
        }
    }

    @Test
    void clientThatBreaksARuleWhileItSendsIsHeardOut() throws Exception {
        tls.shows(HOST, authority.issue(HOST));
        tls.world.everythingTo(ScriptedUpstream.saying("hello"));

        try (Frames client = Frames.over(new Conversation(offering("h2")))) {
            client.get(1, "/").answer(1);
            client.data(0, "of no stream", false);
            for (int i = 0; i < 100; i++) {
                tls.world.get("/"); // by now the gateway has had the time to say that it ends, and to read this
                client.send(Frames.PING, 0, 0, new byte[8]);
            }

            assertThat(client.goodbye()).isEqualTo(Http2Error.PROTOCOL_ERROR);
        }
    }

    @Test
    void grpcsSpeaksHttp2OverTlsToTheEndpoint() throws Exception {
        BlockingQueue<String> agreed = new LinkedBlockingQueue<>();
        try (SSLServerSocket server = (SSLServerSocket) authority
                .context(authority.issue("echo"))
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            SSLParameters parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            server.setSSLParameters(parameters);
            Thread.ofVirtual().start(() -> answerOne(server, agreed));
            Rule plain = World.rule("/");
            Upstream grpcs = new Upstream(Upstream.Protocol.GRPCS, Optional.empty());
            tls.world
                    .routes(plain.withPolicy(plain.policy().withUpstream(grpcs)))
                    .endpoints(World.WEB, List.of(new Endpoint("127.0.0.1", server.getLocalPort(), "test/pod")));

            Frames client = Frames.over(tls.world.client());
            client.request(1, "POST", "/pkg.Echo/Say", false, "content-type", "application/grpc")
                    .data(1, "hello", true);

            Frames.Answer answer = client.answer(1);
            assertThat(answer.body).hasToString("https hello");
            assertThat(answer.trailers()).containsEntry("grpc-status", List.of("0"));
            assertThat(agreed.poll(10, TimeUnit.SECONDS)).isEqualTo("h2");
        }
    }

    private static void answerOne(SSLServerSocket server, BlockingQueue<String> agreed) {
        try (SSLSocket socket = (SSLSocket) server.accept();
                Conversation with = new Conversation(socket)) {
            Frames frames = Frames.answering(with, new byte[0]);
            agreed.add(socket.getApplicationProtocol());
            Frames.Frame head = frames.next(Frames.HEADERS);
            String scheme = Frames.one(frames.decode(head), ":scheme");
            String body = frames.next(Frames.DATA).text();
            frames.fields(head.stream(), false, ":status", "200", "content-type", "application/grpc")
                    .data(head.stream(), scheme + " " + body, false)
                    .fields(head.stream(), true, "grpc-status", "0");
            with.readToEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
