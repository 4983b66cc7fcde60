package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.linnet.gateway.tls.BadCertificate;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.Upstream;
import dev.linnet.routing.policy.Upstream.Protocol;
import dev.linnet.routing.policy.Upstream.Roots;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that speak TLS (spec of ingress-nginx, §3.4, §4.3). */
final class UpstreamTlsTest {
    private static final SecretRef SECRET = new SecretRef("default", "client");
    private static final ServiceRef SHADOW = new ServiceRef("default", "shadow", "80");

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
        try (LogBook news = LogBook.of("dev.linnet.gateway")) {
            assertThat(tls.world.get("/").status()).isEqualTo(502);
            assertThat(tls.world.get("/").status()).isEqualTo(502); // by now, the loop is done with the first

            assertThat(news.events())
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .isEmpty();
        }
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

    @Test
    void speaksTlsWhereThatIsSaidOfTheService() {
        ScriptedUpstream upstream = secured(authority, "web.internal");
        tls.world.everythingTo(upstream);
        Trust trust = usual(Roots.OF_SECRET, Set.of());
        tls.trusts(trust, ours);

        says(Optional.of(trust));
        assertThat(tls.world.get("/").body()).isEqualTo("hello");

        says(Optional.empty());
        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @Test
    void copiesRequestsToAMirrorAsIsSaidOfThatOne() {
        ScriptedUpstream shadow = secured(authority, "shadow.default.svc");
        ScriptedUpstream primary = ScriptedUpstream.saying("clear");
        tls.world
                .routes(World.rule("/")
                        .withPolicy(Policy.NONE.withRelay(Relay.NONE.withMirrors(List.of(Mirror.of(SHADOW))))))
                .serve(World.WEB, primary)
                .serve(SHADOW, shadow);
        Trust trust = new Trust(
                Optional.of(SECRET), Roots.OF_SECRET, true, 10, Optional.empty(), true, Set.of(), Set.of("TLSv1.3"));
        says(SHADOW, Optional.of(trust));

        assertThat(tls.world.get("/untrusted").body()).isEqualTo("clear");
        assertThat(tls.world.get("/untrusted").body()).isEqualTo("clear"); // by now, the loop is done with the first
        assertThat(shadow.connections())
                .as("nobody who is not believed gets a copy")
                .isZero();

        tls.trusts(trust, ours);
        assertThat(tls.world.get("/copied").body()).isEqualTo("clear");

        assertThat(shadow.nextHead()).startsWith("GET /copied ");
    }

    @Test
    void copiesRequestsInTheClearToAMirrorOfWhichNothingIsSaid() {
        ScriptedUpstream shadow = ScriptedUpstream.saying("shadow");
        tls.world
                .routes(World.rule("/")
                        .withPolicy(Policy.NONE.withRelay(Relay.NONE.withMirrors(List.of(Mirror.of(SHADOW))))))
                .serve(World.WEB, secured(authority, "web.internal"))
                .serve(SHADOW, shadow);
        Trust trust = usual(Roots.OF_SECRET, Set.of());
        tls.trusts(trust, ours);
        says(Optional.of(trust));

        assertThat(tls.world.get("/copied").body()).isEqualTo("hello");

        assertThat(shadow.nextHead()).startsWith("GET /copied ");
    }

    @Test
    void believesACertificateWithOneOfTheNamesThatMayBe() {
        tls.world.everythingTo(secured(authority, "other.internal"));
        Trust good = usual(Roots.USUAL, Set.of("spare.internal", "other.internal"));
        Trust bad = usual(Roots.USUAL, Set.of("spare.internal"));
        tls.trusts(good, ours);
        tls.trusts(bad, ours);

        says(Optional.of(good));
        assertThat(tls.world.get("/").body()).isEqualTo("hello");
        says(Optional.of(bad));
        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @Test
    void showsOurCertificateToWhoWantsOne() {
        tls.world.everythingTo(ScriptedUpstream.mutually(
                authority.context(authority.issue("web.internal")), (turn, _) -> {
                    while (true) {
                        turn.hear();
                        turn.say(ScriptedUpstream.ok("hello"));
                    }
                }));
        Trust trust = usual(Roots.OF_SECRET_AND_US, Set.of());
        tls.trusts(trust, ours);

        says(Optional.of(trust));

        assertThat(tls.world.get("/").body()).isEqualTo("hello");
    }

    @Test
    void believesTheUsualAuthoritiesOnlyWhereNoneAreNamed() throws Exception {
        Trust trust = usual(Roots.USUAL, Set.of());
        tls.world.everythingTo(secured(authority, "web.internal"));
        tls.world
                .gateway
                .routes()
                .secure(new TlsTables(
                        TlsTables.FAKE.certificates(),
                        Map.of(),
                        Map.of(trust, ClientTls.of(trust, Secret.of(Map.of())))));

        says(Optional.of(trust));

        assertThat(tls.world.get("/").status()).isEqualTo(502);
    }

    @Test
    void wantsACertificateOfOursWhereBothShowOne() {
        Trust trust = usual(Roots.OF_SECRET_AND_US, Set.of());
        Map<String, byte[]> others = new HashMap<>(ours.secret());
        others.keySet().retainAll(Set.of("ca.crt"));

        assertThatThrownBy(() -> ClientTls.of(trust, Secret.of(others)))
                .isInstanceOf(BadCertificate.class)
                .hasMessageContaining("tls.crt is missing");
    }

    private static Trust usual(Roots roots, Set<String> subjects) {
        return new Trust(
                Optional.of(SECRET),
                roots,
                true,
                10,
                Optional.of("web.internal"),
                true,
                subjects,
                Set.of("TLSv1.2", "TLSv1.3"));
    }

    private void says(Optional<Trust> trust) {
        says(World.WEB, trust);
    }

    private void says(ServiceRef service, Optional<Trust> trust) {
        tls.world
                .gateway
                .routes()
                .policies(Map.of(
                        service,
                        new TrafficPolicy(
                                TrafficPolicy.Pool.UNLIMITED,
                                Optional.empty(),
                                trust.map(one -> new TrafficPolicy.Security(
                                        new Upstream(Protocol.HTTPS, Optional.of(one)),
                                        new ObjectRef("DestinationRule", "default", "web"),
                                        "spec.trafficPolicy.tls.credentialName")),
                                TrafficPolicy.Version.HTTP_1)));
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
