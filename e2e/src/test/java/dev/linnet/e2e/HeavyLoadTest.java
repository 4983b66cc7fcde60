package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Releases under 2,000 requests a second, and how soon a version that fails everything has had its last request. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HeavyLoadTest {
    private static final int HEAVY = 2_000;
    private static final int USUAL = 250;
    private static final int RUNS = 30;
    private static final Duration ABORTED_WITHIN = Duration.ofSeconds(2);

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Podinfo podinfo;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
        podinfo = new Podinfo(cluster);
        podinfo.initialize();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aRolloutAndARollbackLoseNoRequestThatTheBadVersionDidNotFail() throws Exception {
        try (Users users = new Users(cluster.gateway(), Podinfo.HOST, HEAVY)) {
            podinfo.release("3.1.1", "0");
            podinfo.awaitEnd("3.1.1", "Succeeded");
            podinfo.release("3.1.2", "0.5");
            podinfo.awaitEnd("3.1.2", "Failed");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> podinfo.canary().replicas("podinfo").equals("0"));

            assertThat(users.answers()).containsKeys("200 of 3.1.0", "200 of 3.1.1", "200 of 3.1.2", "500 of 3.1.2");
            assertThat(users.answers().keySet())
                    .allMatch(answer -> answer.startsWith("200 of ") || answer.equals("500 of 3.1.2"));
            System.out.println("answers at " + HEAVY + " requests/s: " + users.answers());
        }
    }

    @Test
    @Order(2)
    void aVersionThatFailsEverythingGetsItsLastRequestWithinTwoSeconds() throws Exception {
        cluster.kubectl("-n", "linnet-system", "scale", "deploy/linnet-gateway", "--replicas=2");
        cluster.kubectl("-n", "linnet-system", "rollout", "status", "deploy/linnet-gateway", "--timeout=60s");
        URI both = URI.create("http://"
                + cluster.kubectl(
                        "-n", "linnet-system", "get", "svc", "linnet-gateway", "-o", "jsonpath={.spec.clusterIP}")
                + ":80");
        List<Duration> spans = new ArrayList<>();
        try (Users users = new Users(both, Podinfo.HOST, USUAL)) {
            for (int run = 0; run < RUNS; run++) {
                podinfo.release("3.2." + run, "1");
                podinfo.awaitEnd("3.2." + run, "Failed");
                spans.add(users.failing());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> podinfo.canary().replicas("podinfo").equals("0"));
            }
            assertThat(users.answers().keySet())
                    .allMatch(answer -> answer.matches("200 of 3\\.1\\..*|500 of 3\\.2\\..*"));
        }
        Collections.sort(spans);
        System.out.println("from the first failure to the last: " + spans);
        assertThat(spans.getFirst()).isPositive();
        assertThat(spans.get(RUNS * 95 / 100)).isLessThanOrEqualTo(ABORTED_WITHIN);
    }
}
