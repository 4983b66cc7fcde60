package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** {@code linnet up --pod-cidr}: Pods off loopback, in a network namespace that has the addresses. */
final class PodRangeTest {

    @Test
    void podsLiveAndCallEachOtherOnAddressesOfTheRange() throws Exception {
        Kubectl.needed();
        Assumptions.assumeTrue(hasIp(), "needs ip on the PATH (on Debian: apt-get install iproute2)");
        try (NetworkNamespace network = NetworkNamespace.with("10.244.0.0/16");
                Cluster cluster = Cluster.startWithin(network, "--pod-cidr", "10.244.0.0/16")) {
            cluster.kubectlWith(Linnet.run("sample", "mesh").ok(), "apply", "-f", "-");
            cluster.kubectl("rollout", "status", "deploy/frontend-v1", "--timeout=60s");
            cluster.kubectl("rollout", "status", "deploy/backend-v1", "--timeout=60s");

            String pod = cluster.kubectl(
                    "get", "pods", "-l", "app=frontend,version=v1", "-o", "jsonpath={.items[0].status.podIP}");
            assertThat(pod).startsWith("10.244.0.");
            assertThat(cluster.kubectl(
                            "get",
                            "endpointslices",
                            "-l",
                            "kubernetes.io/service-name=backend",
                            "-o",
                            "jsonpath={.items[*].endpoints[*].addresses[0]}"))
                    .matches("10\\.244\\.0\\.\\d+( 10\\.244\\.0\\.\\d+)*");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(network.run("curl", "-sS", "http://" + pod + "/")
                                    .ok())
                            .startsWith("backend v"));
        }
    }

    private static boolean hasIp() {
        try {
            return Program.run(List.of("ip", "-V"), Map.of(), "").exit() == 0;
        } catch (UncheckedIOException _) {
            return false;
        }
    }
}
