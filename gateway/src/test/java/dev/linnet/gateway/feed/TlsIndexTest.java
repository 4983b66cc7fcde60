package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.tls.CertificateTable;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import dev.linnet.routing.policy.TlsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change of TLS costs: what it touches, and no more. */
final class TlsIndexTest {
    private static final ObjectRef WEB = new ObjectRef("Ingress", "shop", "web");
    private static final String ONE = "one.example.com";
    private static final String TWO = "two.example.com";

    private final TestAuthority authority = TestAuthority.named("authority");
    private Instant now = Instant.now();
    private final SecretIndex secrets = new SecretIndex();
    private final KeyRing keys = new KeyRing(secrets);
    private final TlsIndex index =
            new TlsIndex(keys, Optional.empty(), TlsTables.FAKE.certificates(), () -> now, new Faults());

    @BeforeEach
    void twoHostsHaveCertificates() {
        secrets.use(WEB, Set.of(), Set.of(secret(ONE), secret(TWO)));
        for (String host : List.of(ONE, TWO)) {
            put(host, authority.issue(host));
            HostTls.Certificates certificates =
                    new HostTls.Certificates(List.of(secret(host)), true, WEB, "spec.tls[0]");
            index.hostChanged(host, Optional.of(new HostTls(host, Optional.of(certificates), Optional.empty())));
        }
    }

    private static SecretRef secret(String host) {
        return new SecretRef("shop", host);
    }

    private void put(String host, Issued issued) {
        secrets.put(secret(host), new SecretReading.Present(Secret.of(issued.secret()), "1"));
        keys.forget(secret(host));
        index.secretChanged(secret(host));
    }

    private CertificateTable resolve() {
        return index.resolve().orElseThrow();
    }

    @Test
    void leavesWhatAChangeDoesNotTouch() {
        CertificateTable before = resolve();

        put(ONE, authority.issue(ONE));
        CertificateTable after = resolve();

        assertThat(after.find(ONE)).isNotSameAs(before.find(ONE));
        assertThat(after.find(TWO)).isSameAs(before.find(TWO));
        assertThat(after.find("other.example.com")).isSameAs(before.find("other.example.com"));
        assertThat(index.resolve()).isEmpty();
    }

    @Test
    void showsAHostThatIsGoneTheUsualOne() {
        resolve();

        index.hostChanged(ONE, Optional.empty());

        CertificateTable after = resolve();
        assertThat(after.find(ONE)).isSameAs(after.find("other.example.com"));
    }

    @Test
    void makesAllAnewThatIsToBeSpokenOtherwise() {
        CertificateTable before = resolve();

        ServerTls other = ServerTls.fake(TlsOptions.DEFAULT, false);
        index.speak(other);
        CertificateTable after = resolve();

        for (String host : List.of(ONE, TWO, "other.example.com")) {
            assertThat(after.find(host)).isNotSameAs(before.find(host));
        }
        assertThat(after.find(ONE).certificate()).isEqualTo(before.find(ONE).certificate());
    }

    @Test
    void remindsOfTheEndOfACertificateWhenItComesNearAndWhenItHasCome() {
        put(ONE, authority.issue(Duration.ofDays(30), "EC", ONE));
        resolve();
        assertThat(problems()).isEmpty();

        now = now.plus(Duration.ofDays(21));
        resolve();
        assertThat(problems()).singleElement().asString().contains("expires at");
        assertThat(index.takeTouched()).contains(WEB);
        assertThat(index.resolve()).as("nothing new").isEmpty();

        now = now.plus(Duration.ofDays(10));
        resolve();
        assertThat(problems()).singleElement().asString().contains("has expired at");
    }

    /** Istio's {@code credentialName} and {@code -cacert}, with its own names of what is in them. */
    @Test
    void asksForCertificatesOfTheAuthoritiesInASecretOfTheirOwnOrElseInThatOfTheCertificate() {
        TestAuthority others = TestAuthority.named("others");
        Issued ours = authority.issue("alice");
        Issued theirs = others.issue("alice");
        SecretRef own = secret(ONE + "-cacert");
        Authorities wanted = new Authorities(own, Optional.of(secret(ONE)));
        secrets.use(WEB, Set.of(secret(ONE), secret(TWO)), Set.of(secret(ONE), secret(TWO), own));
        asks(wanted);
        resolve();
        assertThat(index.authorities())
                .as("before it is known whether there is one")
                .isEmpty();

        put(own, new SecretReading.Missing());
        resolve();
        assertThat(isBelieved(ours, wanted)).isTrue();
        assertThat(isBelieved(theirs, wanted)).isFalse();
        assertThat(problems()).isEmpty();

        put(own, holding("cacert", TestAuthority.pem(others.certificate())));
        resolve();
        assertThat(isBelieved(ours, wanted)).isFalse();
        assertThat(isBelieved(theirs, wanted)).isTrue();

        put(own, holding("other", new byte[0]));
        resolve();
        assertThat(index.authorities()).isEmpty();
        assertThat(problems())
                .extracting(Problem::message)
                .containsExactly("asks clients for certificates of authorities in Secret shop/" + ONE
                        + "-cacert, which is of no use: ca.crt is missing: nobody is let in");
    }

    private void asks(Authorities wanted) {
        index.hostChanged(
                ONE,
                Optional.of(new HostTls(
                        ONE,
                        Optional.of(new HostTls.Certificates(
                                List.of(secret(ONE)), true, WEB, "spec.servers[0].tls.credentialName")),
                        Optional.of(new ClientAuth.Asked(
                                wanted, ClientAuth.Demand.ON, 1, Optional.empty(), false, Optional.empty())))));
    }

    private static SecretReading holding(String key, byte[] value) {
        return new SecretReading.Present(Secret.of(Map.of(key, value)), "1");
    }

    private void put(SecretRef secret, SecretReading reading) {
        secrets.put(secret, reading);
        keys.forget(secret);
        index.secretChanged(secret);
    }

    private boolean isBelieved(Issued client, Authorities by) {
        return client.isBelievedBy(Objects.requireNonNull(index.authorities().get(by)));
    }

    private List<Problem> problems() {
        return index.problems(WEB, Set.of(ONE));
    }
}
