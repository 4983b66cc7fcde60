package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.ClientAuth.Asked;
import dev.linnet.routing.policy.ClientAuth.Demand;
import dev.linnet.routing.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a host lets in by certificate (spec of ingress-nginx, §3.9, §4.4). */
final class ClientCertificateTest {
    private static final String HOST = "app.example.com";

    private final TestAuthority servers = TestAuthority.named("servers");
    private final TestAuthority clients = TestAuthority.named("clients");
    private final Issued alice = clients.issue("alice");
    private final Issued mallory = TestAuthority.named("strangers").issue("alice");
    private final Issued expired = clients.issue(Duration.ofDays(-1), "EC", "alice");
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
    private final TlsWorld tls = new TlsWorld();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ON, alice, 200, SUCCESS",
        "ON, nobody, 400, ''",
        "ON, mallory, 400, ''",
        "ON, expired, 400, ''",
        "OPTIONAL, alice, 200, SUCCESS",
        "OPTIONAL, nobody, 200, NONE",
        "OPTIONAL, mallory, 400, ''",
        "OPTIONAL_NO_CA, mallory, 200, FAILED",
        "OPTIONAL_NO_CA, nobody, 200, NONE",
    })
    void letsIn(Demand demand, String who, int status, String verdict) {
        demands(new Asked(TlsWorld.AUTHORITIES, demand, 1, Optional.empty(), false, Optional.empty()));

        assertThat(get(who, HOST, "ssl-client-verify: SUCCESS").status()).isEqualTo(status);

        if (status == 200) {
            assertThat(upstream.nextHead())
                    .containsOnlyOnce("ssl-client-verify:")
                    .contains("ssl-client-verify: " + verdict);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void resumesNoSessionWhereClientsAreAskedWhoTheyAre(String version) throws Exception {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.empty(), false, Optional.empty()));
        SSLContext context = servers.context(alice);
        List<Long> created = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SSLSocket socket = tls.connect(context, HOST, version);
            try (Conversation client = new Conversation(socket)) {
                client.get(HOST, "/");
                created.add(socket.getSession().getCreationTime());
            }
        }

        assertThat(created).doesNotHaveDuplicates();
    }

    @Test
    void tellsTheBackendWhoItIs() {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.empty(), true, Optional.of("CN=(alice|bob)")));

        assertThat(get("alice", HOST).status()).isEqualTo(200);

        assertThat(upstream.nextHead())
                .contains("ssl-client-subject-dn: CN=alice\r\n", "ssl-client-issuer-dn: CN=clients\r\n")
                .contains("ssl-client-cert: -----BEGIN%20CERTIFICATE-----%0A");
    }

    @Test
    void answers403ToAnotherSubject() {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.empty(), false, Optional.of("CN=bob")));

        assertThat(get("alice", HOST).status()).isEqualTo(403);
    }

    @Test
    void sendsTheRefusedToTheErrorPage() {
        demands(new Asked(
                TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.of("https://help.example.com/"), false, Optional.empty()));

        Conversation.Response answer = get("nobody", HOST);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.head()).contains("Location: https://help.example.com/\r\n");
    }

    @Test
    void letsNobodyInIfTheAuthoritiesAreNotKnown() {
        tls.shows(HOST, servers.issue(HOST));
        routes(new Asked(TlsWorld.AUTHORITIES, Demand.OPTIONAL, 1, Optional.empty(), false, Optional.empty()));

        assertThat(get("alice", HOST).status()).isEqualTo(403);
    }

    @Test
    void letsNobodyInIfItCannotBeToldWhom() {
        tls.shows(HOST, servers.issue(HOST));
        routes(new ClientAuth.Broken());

        assertThat(get("alice", HOST).status()).isEqualTo(403);
        assertThat(tls.world.get("/").status()).as("in the clear").isEqualTo(403);
    }

    @Test
    void isNotCircumventedByAnotherNameInTheHandshake() {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.OPTIONAL, 1, Optional.empty(), false, Optional.empty()));
        tls.shows("open.example.com", servers.issue("open.example.com"));

        try (Conversation client = new Conversation(tls.connect(servers.context(alice), "open.example.com"))) {
            assertThat(client.get(HOST, "/").status()).isEqualTo(421);
        }
    }

    @Test
    void isNotCircumventedInTheClear() {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.empty(), false, Optional.empty()));

        assertThat(tls.world.get("/", "ssl-client-verify: SUCCESS").status()).isEqualTo(400);
    }

    @Test
    void otherAuthoritiesHoldForConnectionsThatStand() {
        demands(new Asked(TlsWorld.AUTHORITIES, Demand.ON, 1, Optional.empty(), false, Optional.empty()));
        try (Conversation client = new Conversation(tls.connect(servers.context(alice), HOST))) {
            assertThat(client.get(HOST, "/").status()).isEqualTo(200);

            tls.asks(HOST, servers.issue(HOST), TestAuthority.named("others"));

            assertThat(client.get(HOST, "/").status()).isEqualTo(400);
        }
    }

    private void demands(Asked asked) {
        tls.asks(HOST, servers.issue(HOST), clients);
        routes(asked);
    }

    private void routes(ClientAuth clientAuth) {
        tls.world.routes(World.rule("/").withPolicy(Policy.NONE.withClients(clientAuth)));
        tls.world.serve(World.WEB, upstream);
    }

    private Conversation.Response get(String who, String host, String... headers) {
        var context = switch (who) {
            case "alice" -> servers.context(alice);
            case "mallory" -> servers.context(mallory);
            case "expired" -> servers.context(expired);
            default -> servers.context();
        };
        try (Conversation client = new Conversation(tls.connect(context, host))) {
            return client.get(host, "/", headers);
        }
    }
}
