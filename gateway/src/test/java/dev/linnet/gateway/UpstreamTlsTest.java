package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Upstream;
import dev.linnet.routing.policy.Upstream.Protocol;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Endpoints that speak TLS (spec of ingress-nginx, §3.4, §4.3). */
final class UpstreamTlsTest {
    private static final SecretRef SECRET = new SecretRef("default", "client");

    private final TestAuthority authority = TestAuthority.named("authority");
    private final Issued ours = authority.issue("gateway");
    private final TlsWorld tls = new TlsWorld();

    @AfterEach
    void close() {
        tls.close();
    }

    @Test
    void believesAnybodyUnlessToldOtherwise() {
        ScriptedUpstream upstream = secured(TestAuthority.named("stranger"), "whoever");
        route(new Upstream(Protocol.HTTPS, Optional.empty()), upstream);

        for (int i = 0; i < 3; i++) {
            assertThat(tls.world.get("/").body()).isEqualTo("hello");
        }

        assertThat(upstream.connections()).as("kept").isEqualTo(1);
    }

    @Test
    void believesWhomItIsToldTo() {
        Trust trust = trust("web.internal");
        tls.trusts(trust, ours);
        route(new Upstream(Protocol.HTTPS, Optional.of(trust)), secured(authority, "web.internal"));

        assertThat(tls.world.get("/").body()).isEqualTo("hello");
    }

    @Test
    void saysNothingToOneOfAnotherAuthority() {
        Trust trust = trust("web.internal");
        tls.trusts(trust, ours);
        route(
                new Upstream(Protocol.HTTPS, Optional.of(trust)),
                secured(TestAuthority.named("stranger"), "web.internal"));

        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS", "GRPCS"})
    void makesNoNewsOfACertificateThatIsNotBelieved(Protocol protocol) {
        Trust trust = trust("web.internal");
        tls.trusts(trust, ours);
        route(new Upstream(protocol, Optional.of(trust)), secured(TestAuthority.named("stranger"), "web.internal"));
        ListAppender<ILoggingEvent> news = new ListAppender<>();
        Logger gateway = (Logger) LoggerFactory.getLogger("dev.linnet.gateway");
        news.start();
        gateway.addAppender(news);
        try {
            assertThat(tls.world.get("/").status()).isEqualTo(502);
            assertThat(tls.world.get("/").status()).isEqualTo(502); // by now, the loop is done with the first
        } finally {
            gateway.detachAppender(news);
        }

        assertThat(news.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
        assertThat(tls.world.failures("connect")).isEqualTo(2);
    }

    @Test
    void saysNothingToOneOfAnotherName() {
        Trust trust = trust("web.internal");
        tls.trusts(trust, ours);
        route(new Upstream(Protocol.HTTPS, Optional.of(trust)), secured(authority, "other.internal"));

        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @Test
    void saysNothingAtAllIfItIsNotKnownWhomToBelieve() {
        ScriptedUpstream upstream = secured(authority, "web.internal");
        route(new Upstream(Protocol.HTTPS, Optional.of(trust("web.internal"))), upstream);

        assertThat(tls.world.get("/").status()).isEqualTo(503);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void otherTrustMeansOtherConnections() {
        Trust trust = trust("web.internal");
        ScriptedUpstream upstream = secured(authority, "web.internal");
        tls.trusts(trust, ours);
        route(new Upstream(Protocol.HTTPS, Optional.of(trust)), upstream);
        assertThat(tls.world.get("/").status()).isEqualTo(200);

        tls.trusts(trust, TestAuthority.named("others").issue("gateway"));

        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @Test
    void speaksAsTheClientDoesIfToldTo() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("clear");
        route(new Upstream(Protocol.AUTO_HTTP, Optional.empty()), upstream);

        assertThat(tls.world.get("/").body()).isEqualTo("clear");
    }

    private static Trust trust(String name) {
        return new Trust(Optional.of(SECRET), true, 1, Optional.of(name), true, Set.of("TLSv1.2"));
    }

    private void route(Upstream how, ScriptedUpstream upstream) {
        tls.world.routes(World.rule("/").withPolicy(Policy.NONE.withUpstream(how)));
        tls.world.serve(World.WEB, upstream);
    }

    private static ScriptedUpstream secured(TestAuthority by, String name) {
        return ScriptedUpstream.securely(by.context(by.issue(name)), (turn, _) -> {
            while (true) {
                turn.hear();
                turn.say(ScriptedUpstream.ok("hello"));
            }
        });
    }
}
