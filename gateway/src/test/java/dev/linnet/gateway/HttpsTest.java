package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients meet at the HTTPS listener (spec of ingress-nginx, §3.7, §3.8, §5.7). */
final class HttpsTest {
    private static final String HOST = "app.example.com";

    private final TestAuthority authority = TestAuthority.named("authority");
    private final TlsWorld tls = new TlsWorld();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesOverTls(String version) throws IOException {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        tls.world.everythingTo(upstream);
        tls.shows(HOST, authority.issueRsa(HOST));

        SSLSocket socket = tls.connect(authority.context(), HOST, version);
        try (Conversation client = new Conversation(socket)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            for (int i = 0; i < 3; i++) {
                assertThat(client.get(HOST, "/").body()).isEqualTo("hello");
            }
        }
        assertThat(upstream.nextHead())
                .contains("X-Forwarded-Proto: https\r\n", "X-Forwarded-Port: 443\r\n", "X-Scheme: https\r\n");
    }

    @Test
    void db5UnknownHostsMeetTheFakeCertificate() throws Exception {
        for (String host : List.of("", "foo.bar.com")) {
            var shown = tls.shown(believesAnybody(), host);

            assertThat(shown).hasSize(1);
            assertThat(((X509Certificate) shown[0]).getIssuerX500Principal().getName())
                    .contains("CN=Kubernetes Ingress Controller Fake Certificate")
                    .contains("O=Acme Co");
            assertThat(((X509Certificate) shown[0]).getSubjectAlternativeNames().toString())
                    .contains("ingress.local");
        }
    }

    @Test
    void showsByNameExactlyThenAsAWildcardOfOneLabel() throws Exception {
        Issued exact = authority.issue(HOST);
        Issued wildcard = authority.issue("*.example.com");
        tls.shows(HOST, exact).shows("*.example.com", wildcard);

        assertThat(tls.shown(believesAnybody(), HOST)[0]).isEqualTo(exact.certificate());
        assertThat(tls.shown(believesAnybody(), "APP.Example.com")[0]).isEqualTo(exact.certificate());
        assertThat(tls.shown(believesAnybody(), "other.example.com")[0]).isEqualTo(wildcard.certificate());
        assertThat(tls.shown(believesAnybody(), "a.b.example.com")[0]).isNotEqualTo(wildcard.certificate());
    }

    @Test
    void tls1AnotherCertificateHoldsForNewHandshakesAndHarmsNobody() {
        tls.world.everythingTo(ScriptedUpstream.saying("hello"));
        Issued first = authority.issue(HOST);
        Issued second = authority.issue(HOST);
        tls.shows(HOST, first);
        try (Conversation old = new Conversation(tls.connect(authority.context(), HOST))) {
            old.get(HOST, "/");

            tls.shows(HOST, second);

            assertThat(old.get(HOST, "/").body()).isEqualTo("hello");
            assertThat(tls.shown(authority.context(), HOST)[0]).isEqualTo(second.certificate());
        }
    }

    @Test
    void swapsCertificatesWithoutAFailedRequest() {
        tls.world.everythingTo(ScriptedUpstream.saying("hello"));
        Issued[] certificates = {authority.issue(HOST), authority.issue(HOST)};
        tls.shows(HOST, certificates[0]);
        SSLContext context = authority.context();
        for (int i = 0; i < 60; i++) {
            tls.shows(HOST, certificates[i % 2]);
            try (Conversation client = new Conversation(tls.connect(context, HOST))) {
                tls.shows(HOST, certificates[(i + 1) % 2]);
                client.send(Conversation.head("GET", HOST, "/"));
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void hsts1EachAnswerOfATlsConnectionCarriesIt() {
        tls.shows(HOST, authority.issue(HOST));

        Conversation.Response unrouted = tls.get(authority.context(), HOST, "/");

        assertThat(unrouted.status()).isEqualTo(404);
        assertThat(unrouted.head()).contains("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
        assertThat(tls.world.get("/").head()).doesNotContain("Strict-Transport-Security");
    }

    @Test
    void hsts2TheBackendsOwnValueIsReplaced() {
        tls.shows(HOST, authority.issue(HOST));
        tls.world.everythingTo(ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n"));

        String head = tls.get(authority.context(), HOST, "/").head();

        assertThat(head).containsOnlyOnce("Strict-Transport-Security");
        assertThat(head).contains("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
    }

    @Test
    void relaysBigBodiesBothWays() {
        int size = 3_000_000;
        tls.shows(HOST, authority.issue(HOST));
        tls.world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().skip(size);
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size));
        }));

        try (Conversation client = new Conversation(tls.connect(authority.context(), HOST))) {
            Thread.ofVirtual()
                    .start(() -> client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: " + size
                            + "\r\n\r\n" + "y".repeat(size)));

            assertThat(client.readResponse().body()).hasSize(size);
        }
    }

    @Test
    void aResponseThatBreaksOffIsNotTakenForAWholeOne() {
        tls.shows(HOST, authority.issue(HOST));
        tls.world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        }));

        try (Conversation client = new Conversation(tls.connect(authority.context(), HOST))) {
            client.send(Conversation.head("GET", HOST, "/"));

            client.readHead();
            assertThatThrownBy(() -> client.read(100)).isInstanceOf(java.io.UncheckedIOException.class);
        }
    }

    @Test
    void endsAConnectionThatIsToBeClosedProperly() {
        tls.shows(HOST, authority.issue(HOST));
        tls.world.everythingTo(ScriptedUpstream.saying("hello"));

        try (Conversation client = new Conversation(tls.connect(authority.context(), HOST))) {
            String all = client.send(Conversation.head("GET", HOST, "/", "Connection: close"))
                    .readToEnd();

            assertThat(all).endsWith("hello");
        }
    }

    /** RFC 9112 §9.6: were the connection closed at once, the rest of the request would destroy the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void hearsAClientOutThatIsRefusedWhileItSends(String version) throws IOException {
        tls.shows(HOST, authority.issue(HOST));
        tls.world.routes();

        try (Conversation client = new Conversation(tls.connect(authority.context(), HOST, version))) {
            client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            await().atMost(Conversation.PATIENCE).until(() -> tls.world.failures("no_route") == 1);
            for (int i = 0; i < 100; i++) {
                client.send("3e8\r\n" + "x".repeat(1000) + "\r\n");
                tls.world.get("/"); // by now the gateway has had the time to read it
            }
            client.send("0\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void givesUpOnAHandshakeThatDoesNotEnd() throws IOException {
        try (Socket silent =
                        new Socket(tls.address().getAddress(), tls.address().getPort());
                Socket slow =
                        new Socket(tls.address().getAddress(), tls.address().getPort())) {
            slow.getOutputStream().write(new byte[] {22, 3, 1});
            silent.setSoTimeout((int) Conversation.PATIENCE.toMillis());
            tls.world.get("/"); // both are accepted

            tls.world.clock.advance(Duration.ofSeconds(11));

            assertThat(new Conversation(silent).isClosedByPeer()).isTrue();
            assertThat(new Conversation(slow).isClosedByPeer()).isTrue();
        }
    }

    @Test
    void closesWhatIsNoTls() throws IOException {
        try (Conversation plain = Conversation.with(tls.address())) {
            assertThat(plain.send(Conversation.head("GET", HOST, "/")).isClosedByPeer())
                    .isTrue();
        }
    }

    @Test
    void countsWhyHandshakesFail() {
        tls.shows(HOST, authority.issueRsa(HOST));
        try (Conversation plain = Conversation.with(tls.address())) {
            assertThat(plain.send(Conversation.head("GET", HOST, "/")).isClosedByPeer())
                    .isTrue();
        }
        SSLContext strict = TestAuthority.named("another").context();
        assertThatThrownBy(() -> tls.connect(strict, HOST)).hasStackTraceContaining("certificat");
        tls.world
                .gateway
                .routes()
                .install(
                        RouteTable.of(List.of()),
                        GlobalPolicy.DEFAULT.withTls(TlsOptions.DEFAULT.withRejectUnknown(true)),
                        Map.of());
        assertThatThrownBy(() -> tls.connect(authority.context(), HOST)).hasStackTraceContaining("unrecognized_name");

        await().atMost(Conversation.PATIENCE)
                .untilAsserted(() -> assertThat(tls.world.gateway.metrics().text())
                        .contains("linnet_tls_handshake_failures_total")
                        .containsPattern("handshake_failures_total\\{.*reason=\"no_tls\"} 1\n")
                        .containsPattern("handshake_failures_total\\{.*reason=\"client_alert\"} 1\n")
                        .containsPattern("handshake_failures_total\\{.*reason=\"unknown_name\"} 1\n")
                        .containsPattern("handshake_failures_total\\{.*reason=\"other\"} 0\n"));
    }

    static SSLContext believesAnybody() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
        return context;
    }

    private static final class Credulous extends javax.net.ssl.X509ExtendedTrustManager implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
