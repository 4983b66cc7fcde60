package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Of several copies of a program one leads. */
@ExtendWith(OnACluster.class)
final class FabricLeaderElectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anotherLeadsOnceTheLeaderIsGone(KubernetesClient client) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<?> first = elector(client, "first", told, true);
        await().atMost(PATIENCE).until(() -> holder(client).equals("first"));
        CompletableFuture<?> second = elector(client, "second", told, true);
        await().atMost(PATIENCE).until(() -> told.contains("second follows first"));
        assertThat(told).contains("first leads").doesNotContain("second leads");

        first.cancel(true);
        await().atMost(PATIENCE).until(() -> told.contains("second leads"));
        assertThat(holder(client)).isEqualTo("second");
        assertThat(told).contains("first stops");
        assertThat(client.leases().withName("leader").require().getSpec().getLeaseTransitions())
                .isPositive();
        second.cancel(true);
        await().atMost(PATIENCE).until(() -> told.contains("second stops"));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void takesOverFromOneThatGaveNoNotice(KubernetesClient client) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<?> crashed = elector(client, "crashed", told, false);
        await().atMost(PATIENCE).until(() -> holder(client).equals("crashed"));
        crashed.cancel(true);
        CompletableFuture<?> heir = elector(client, "heir", told, true);
        await().atMost(PATIENCE).until(() -> told.contains("heir leads"));
        assertThat(holder(client)).isEqualTo("heir");
        heir.cancel(true);
    }

    private static String holder(KubernetesClient client) {
        var lease = client.leases().withName("leader").get();
        return lease == null || lease.getSpec().getHolderIdentity() == null
                ? ""
                : lease.getSpec().getHolderIdentity();
    }

    private static CompletableFuture<?> elector(
            KubernetesClient client, String name, Queue<String> told, boolean release) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName("leader")
                        .withLeaseDuration(Duration.ofSeconds(3))
                        .withRenewDeadline(Duration.ofSeconds(2))
                        .withRetryPeriod(Duration.ofMillis(300))
                        .withReleaseOnCancel(release)
                        .withLock(new LeaseLock(client.getNamespace(), "leader", name))
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> told.add(name + " leads"),
                                () -> told.add(name + " stops"),
                                leader -> told.add(name + " follows " + leader)))
                        .build())
                .build()
                .start();
    }
}
