package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.manifests.ingress.ConfigMaps;
import dev.linnet.manifests.ingress.GlobalOptionsReader;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.policy.GlobalPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys of the ConfigMap do that hold for the whole gateway (spec of ingress-nginx, Appendix C). */
final class GlobalOptionsTest {
    private static final String HOST = "app.example.com";

    /** Once for all tests: RSA keys take longer to make than most tests take to run. */
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");

    private static final TestAuthority.Issued CERTIFICATE = AUTHORITY.issueRsa(HOST);

    private final TlsWorld tls = new TlsWorld();
    private final World world = tls.world;

    @AfterEach
    void close() {
        tls.close();
    }

    private static GlobalPolicy policy(String... keys) {
        Map<String, String> data = new java.util.HashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            data.put(keys[i], keys[i + 1]);
        }
        GlobalOptionsReader.Reading reading =
                GlobalOptionsReader.read(new ObjectRef("ConfigMap", "ops", "options"), data, ConfigMaps.NONE);
        assertThat(reading.problems()).isEmpty();
        return reading.options().gateway();
    }

    private void obey(String... keys) {
        GlobalPolicy policy = policy(keys);
        world.gateway.routes().install(RouteTable.of(List.of(rule("/"))), policy, Map.of());
        tls.speaks(policy);
        tls.shows(HOST, CERTIFICATE);
    }

    @Test
    void refusesBlockedAddressesWhereverTheyGo() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));

        obey("block-cidrs", "10.0.0.0/8");
        assertThat(world.get("/").status()).isEqualTo(200);

        obey("block-cidrs", "10.0.0.0/8, 127.0.0.0/8");
        assertThat(world.get("/").status()).isEqualTo(403);
        assertThat(tls.get(AUTHORITY.context(), HOST, "/").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "curl/7.1, ~*bot | User-Agent: Curl/7.1 | 403",
                "curl/7.1, ~*bot | User-Agent: curl/7.1.2 | 200",
                "curl/7.1, ~*bot | User-Agent: Some ROBOT | 403",
                "~Bot | User-Agent: bot | 200",
                "~^$ | X-None: 1 | 403",
            })
    void refusesBlockedUserAgents(String blocked, String header, int status) {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));

        obey("block-user-agents", blocked);

        assertThat(world.get("/", header).status()).isEqualTo(status);
    }

    @Test
    void refusesBlockedReferers() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));

        obey("block-referers", "~spam\\.example");

        assertThat(world.get("/", "Referer: https://spam.example/x").status()).isEqualTo(403);
        assertThat(world.get("/", "Referer: https://example.com/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void keepsNoConnectionToEndpointsWhereNoneIsWanted() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);

        obey("upstream-keepalive-connections", "0");
        world.get("/");
        world.get("/");

        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void letsConnectionsToEndpointsServeAsManyRequestsAsIsWanted() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);

        obey("upstream-keepalive-requests", "2", "upstream-keepalive-timeout", "30", "upstream-keepalive-time", "10m");
        for (int i = 0; i < 4; i++) {
            world.get("/");
        }

        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void speaksNoHttp2WhereItIsSwitchedOff() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));

        obey("use-http2", "false");

        try (SSLSocket socket = offering("h2", "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
            assertThat(client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").readHead())
                    .startsWith("HTTP/1.1 400");
        }
    }

    private SSLSocket offering(String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) AUTHORITY
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
    void allowsAsManyStreamsAsIsWanted() {
        obey("http2-max-concurrent-streams", "7");

        Frames client = Frames.over(world.client());

        assertThat(setting(client.next(Frames.SETTINGS).payload(), 3)).isEqualTo(7);
    }

    /** The value of a setting (RFC 9113 §6.5.1). */
    private static int setting(byte[] payload, int id) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        while (in.hasRemaining()) {
            int found = in.getShort();
            int value = in.getInt();
            if (found == id) {
                return value;
            }
        }
        return -1;
    }

    @Test
    void speaksOnlyTheVersionsOfTlsThatAreWanted() throws IOException {
        obey("ssl-protocols", "TLSv1.3");

        try (SSLSocket socket = tls.connect(AUTHORITY.context(), HOST)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThatThrownBy(() -> tls.connect(AUTHORITY.context(), HOST, "TLSv1.2"))
                .isInstanceOf(UncheckedIOException.class)
                .hasStackTraceContaining("protocol_version");
    }

    @Test
    void offersOnlyTheCiphersThatAreWanted() throws IOException {
        obey("ssl-ciphers", "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384");

        try (SSLSocket old = tls.connect(AUTHORITY.context(), HOST, "TLSv1.2");
                SSLSocket current = tls.connect(AUTHORITY.context(), HOST, "TLSv1.3")) {
            assertThat(old.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
            assertThat(current.getSession().getCipherSuite()).startsWith("TLS_AES_");
        }
    }

    @Test
    void refusesHandshakesForHostsThatNobodyKnows() throws Exception {
        obey("ssl-reject-handshake", "true");
        world.gateway
                .routes()
                .install(
                        RouteTable.of(List.of(
                                rule("/").withHost("plain.example.com"),
                                rule("/").withHost("*.wild.com"))),
                        policy("ssl-reject-handshake", "true"),
                        Map.of());
        // Each time another context: Java asks for the name of the session that it resumes.
        assertThat(tls.shown(HttpsTest.believesAnybody(), "plain.example.com"))
                .as("default certificate")
                .isNotEmpty();
        assertThat(tls.shown(HttpsTest.believesAnybody(), "a.wild.com")).isNotEmpty();
        for (String name : List.of("other.example.com", "")) {
            assertThatThrownBy(() -> tls.shown(HttpsTest.believesAnybody(), name), "asking for \"%s\"", name)
                    .hasStackTraceContaining("unrecognized_name");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, true, true", "TLSv1.3, false, false", "TLSv1.2, true, true", "TLSv1.2, false, true"})
    void resumesSessionsAsFarAsIsWanted(String version, String tickets, boolean resumed) throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        obey("ssl-session-tickets", tickets, "ssl-session-timeout", "1h", "ssl-session-cache-size", "1m");
        SSLContext client = AUTHORITY.context();

        boolean again = createdLater(client, version);

        assertThat(again).isNotEqualTo(resumed);
    }

    @Test
    void remembersNoSessionWhereNoneIsToBeKept() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        obey("ssl-session-cache", "false", "ssl-session-tickets", "false");

        assertThat(createdLater(AUTHORITY.context(), "TLSv1.2")).isTrue();
    }

    /** Whether a second connection has a session of its own. */
    private boolean createdLater(SSLContext client, String version) throws Exception {
        byte[] first = session(client, version);
        byte[] second = session(client, version);
        return !java.util.Arrays.equals(first, second);
    }

    private byte[] session(SSLContext client, String version) {
        SSLSocket socket = tls.connect(client, HOST, version);
        try (Conversation with = new Conversation(socket)) {
            with.send(request("GET", "/")).readResponse();
            return ByteBuffer.allocate(8)
                    .putLong(socket.getSession().getCreationTime())
                    .array();
        }
    }
}
