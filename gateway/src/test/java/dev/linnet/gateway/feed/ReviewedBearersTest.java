package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.ops.Bearers.Verdict;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read numbers, as the API says. */
final class ReviewedBearersTest {
    private static final String PATH = "/linnet/v1/snapshot";

    @AutoClose
    private final Cluster cluster;

    private final Time time = new Time();
    private final ReviewedBearers bearers;
    private final Secret<String> token;

    private static final class Time extends Clock {
        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    ReviewedBearersTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        bearers = new ReviewedBearers(cluster.client(), time);
        cluster.create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("reader")
                .endMetadata()
                .build());
        token = issued();
    }

    private Secret<String> issued(String... audiences) {
        TokenRequest issued = cluster.client()
                .serviceAccounts()
                .inNamespace("shop")
                .withName("reader")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audiences)
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build());
        return Secret.of(issued.getStatus().getToken());
    }

    private ClusterRoleBinding allow() {
        cluster.create(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("numbers")
                .endMetadata()
                .addNewRule()
                .withNonResourceURLs("/linnet/v1/*")
                .withVerbs("get")
                .endRule()
                .build());
        return cluster.create(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("numbers")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "numbers")
                .addNewSubject("", "ServiceAccount", "reader", "shop")
                .build());
    }

    @Test
    void letsInWhoeverMayGetThePath() {
        assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.FORBIDDEN);

        allow();
        time.now = time.now.plus(Duration.ofSeconds(10));

        assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.ALLOWED);
        assertThat(bearers.judge(token, "/metrics")).isEqualTo(Verdict.FORBIDDEN);
    }

    @Test
    void knowsNobodyByATokenThatIsNone() {
        assertThat(bearers.judge(Secret.of("nonsense"), PATH)).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void takesATokenThatIsGoodForNumbersAlone() {
        allow();

        assertThat(bearers.judge(issued("linnet.dev/numbers"), PATH)).isEqualTo(Verdict.ALLOWED);
        assertThat(bearers.judge(issued("vault"), PATH)).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void remembersForAShortTimeWhatTheApiHasSaid() {
        ClusterRoleBinding binding = allow();
        assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.ALLOWED);

        cluster.delete(binding);
        assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.ALLOWED);
        time.now = time.now.plus(Duration.ofSeconds(61));

        assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.FORBIDDEN);
    }

    @Test
    void letsNobodyInWhileTheApiDoesNotAnswer() {
        cluster.restart(() -> assertThat(bearers.judge(token, PATH)).isEqualTo(Verdict.UNDECIDED));
    }
}
