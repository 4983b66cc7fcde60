package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A controller is killed with {@code kill -9} in the middle of a release, and another one ends it; users notice nothing. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControllerKillTest {
    private static final int KILLS = 10;
    private static final int LATEST_MILLIS = 8_000;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Process controller;

    @BeforeAll
    void startsAClusterWhoseControllerIsAProcessOfItsOwn() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
        cluster.kubectl("-n", "linnet-system", "scale", "deploy/linnet-controller", "--replicas=0");
        cluster.kubectl(
                "-n",
                "linnet-system",
                "wait",
                "--for=delete",
                "pod",
                "-l",
                "app.kubernetes.io/name=linnet-controller",
                "--timeout=30s");
        controller = start();
    }

    private Process start() throws IOException {
        return new ProcessBuilder(Linnet.command(
                        "controller", "--kubeconfig", cluster.kubeconfig().toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    @AfterAll
    void stopsAll() throws Exception {
        if (controller != null) {
            kill();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private Path log() {
        return cluster.kubeconfig().resolveSibling("killed-controllers.log");
    }

    private void awaitEnd(Podinfo podinfo, String version, String phase) throws IOException {
        try {
            podinfo.awaitPhase(phase);
        } catch (ConditionTimeoutException e) {
            Canary canary = podinfo.canary();
            String objects = canary.kubectl("get", "runs,deployments,pods", "-o", "yaml");
            String told = String.join("\n", canary.events());
            throw new AssertionError(
                    "%s is no end of %s as %s:%n%s%n%s%n%s"
                            .formatted(canary.phase(), version, phase, told, objects, Files.readString(log())),
                    e);
        }
    }

    private void kill() throws InterruptedException {
        controller.destroyForcibly();
        assertThat(controller.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsEveryReleaseWhenItsControllerIsKilled() throws Exception {
        Podinfo podinfo = new Podinfo(cluster);
        podinfo.initialize();
        Random random = new Random(20_261_130);
        String good = "3.1.0";
        try (Users users = new Users(cluster.gateway(), Podinfo.HOST, 50)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                boolean bad = kill % 2 == 0;
                String version = "3.1." + kill;
                podinfo.release(version, bad ? "1" : "0");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_MILLIS));
                kill();
                controller = start();
                awaitEnd(podinfo, version, bad ? "Failed" : "Succeeded");
                good = bad ? good : version;
                assertThat(podinfo.canary().image("podinfo-primary")).endsWith(":" + good);
                assertThat(podinfo.weight()).isEqualTo("0");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> podinfo.canary().replicas("podinfo").equals("0"));
            }
            assertThat(users.answers().keySet())
                    .allMatch(answer -> answer.matches("200 of .*|500 of 3\\.1\\.\\d*[02468]"));
        }
    }
}
