package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.gateway.tls.CertificateMetrics;
import dev.linnet.gateway.tls.ServedCertificate;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario TLS-1 up to the table: what becomes of Secrets while the gateway runs. */
final class SecretFeedTest {
    private static final String HOST = "shop.example.com";
    private static final SecretRef CERT = new SecretRef("shop", "cert");
    private static final ObjectRef WEB = new ObjectRef("Ingress", "shop", "web");

    private final TestAuthority authority = TestAuthority.named("authority");

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final LiveRoutes live = new LiveRoutes();

    @AutoClose
    private final Feed feed;

    SecretFeedTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        feed = new Feed(
                client, FeedSettings.of(ClassSettings.DEFAULT).withCertificate(new SecretRef("shop", "usual")), live);
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
    }

    @Test
    void hasTheCertificatesWithTheFirstTable() {
        Issued own = authority.issueRsa(HOST);
        Issued usual = authority.issue("usual.example.com");
        cluster.create(secret("cert", own));
        cluster.create(secret("usual", usual));
        cluster.create(secured("cert"));

        feed.start();

        eventually(feed::synced);
        assertThat(shown(HOST)).isEqualTo(serial(own));
        assertThat(shown(HOST + ".")).as("trailing dot").isEqualTo(serial(own));
        assertThat(shown("other.example.com")).isEqualTo(serial(usual));
        assertThat(problems()).isEmpty();
        PrometheusPage page = new PrometheusPage(Map.of());
        new CertificateMetrics(live::tls).writeTo(page);
        assertThat(page.text())
                .contains("ssl_expire_time_seconds{class=\"nginx\",host=\"" + HOST + "\",identifier=\"-" + serial(own)
                        + "\",namespace=\"shop\",secret_name=\"cert\"} ")
                .contains("issuer_common_name=\"authority\"", "public_key_algorithm=\"RSA\"")
                .doesNotContain("usual");
    }

    @Test
    void tls1FollowsASecretThatIsMadeChangedAndDeleted() {
        cluster.create(Shop.ingress("web", HOST, "web"));
        feed.start();
        eventually(feed::synced);
        String fake = shown(HOST);

        cluster.put(secured("cert"));
        eventually(
                () -> problems().stream().anyMatch(problem -> problem.message().contains("does not exist")));
        assertThat(shown(HOST)).isEqualTo(fake);

        Issued first = authority.issue(HOST);
        cluster.create(secret("cert", first));
        eventually(() -> shown(HOST).equals(serial(first)));
        eventually(() -> problems().isEmpty());

        Issued second = authority.issue(HOST);
        cluster.put(secret("cert", second));
        eventually(() -> shown(HOST).equals(serial(second)));

        cluster.put(secret("cert", authority.issue("another.example.com")));
        eventually(() -> shown(HOST).equals(fake));
        eventually(
                () -> problems().stream().anyMatch(problem -> problem.message().contains("and not for " + HOST)));

        cluster.put(secret("cert", second));
        eventually(() -> shown(HOST).equals(serial(second)));
        cluster.delete(secret("cert", second));
        eventually(() -> shown(HOST).equals(fake));

        cluster.create(secret("cert", second));
        eventually(() -> shown(HOST).equals(serial(second)));
        cluster.put(Shop.ingress("web", HOST, "web"));
        eventually(() -> shown(HOST).equals(fake));
        eventually(() -> live.secret(CERT).isEmpty());
    }

    @Test
    void knowsOnlySecretsThatSomebodyRefersTo() {
        cluster.create(secret("cert", authority.issue(HOST)));
        cluster.create(secret("stranger", authority.issue(HOST)));
        cluster.create(secured("cert"));

        feed.start();

        eventually(feed::synced);
        assertThat(live.secret(CERT)).isPresent().get().hasToString("***");
        assertThat(live.secret(new SecretRef("shop", "stranger"))).isEmpty();
        assertThat(client.secrets().inAnyNamespace().list().getItems())
                .as("what a list of all Secrets brings")
                .isNotEmpty()
                .allMatch(found -> found.getData() == null || found.getData().isEmpty());
    }

    @Test
    void saysWhatIsWrongWithASecret() {
        cluster.create(new SecretBuilder(secret("cert", authority.issue(HOST)))
                .addToData("tls.key", authority.issue(HOST).base64().get("tls.key"))
                .build());
        cluster.create(secured("cert"));

        feed.start();

        eventually(() -> !problems().isEmpty());
        assertThat(problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "Ingress shop/web: spec.tls[0] names Secret shop/cert, which is of no use:"
                                + " tls.key is not the key of the first certificate of tls.crt: the default certificate is shown");
    }

    @Test
    void showsAnExpiredCertificateAndSaysSo() {
        Issued expired = authority.issue(Duration.ofDays(-1), "EC", HOST);
        cluster.create(secret("cert", expired));
        cluster.create(secured("cert"));

        feed.start();

        eventually(feed::synced);
        assertThat(shown(HOST)).isEqualTo(serial(expired));
        assertThat(problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("has expired at");
    }

    private List<Problem> problems() {
        return feed.followed(WEB).map(FollowedObject::problems).orElseGet(List::of);
    }

    private String shown(String host) {
        ServedCertificate certificate = live.tls().certificates().find(host).certificate();
        return certificate.serialNumber();
    }

    private static String serial(Issued issued) {
        return issued.certificate().getSerialNumber().toString();
    }

    private static Secret secret(String name, Issued issued) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Shop.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(Map.copyOf(issued.base64()))
                .build();
    }

    private static Ingress secured(String secret) {
        return new IngressBuilder(Shop.ingress("web", HOST, "web"))
                .editSpec()
                .addNewTl()
                .withHosts(HOST)
                .withSecretName(secret)
                .endTl()
                .endSpec()
                .build();
    }

    private static void eventually(BooleanSupplier fact) {
        await().atMost(Duration.ofSeconds(10)).pollDelay(Duration.ofMillis(5)).until(fact::getAsBoolean);
    }
}
