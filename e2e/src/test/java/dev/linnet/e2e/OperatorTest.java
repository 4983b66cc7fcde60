package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An operator that others could have written finds nothing to wonder about. */
@ExtendWith(OnACluster.class)
final class OperatorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(3);

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void holdsWhatItOwnsAtWhatIsAskedForAndThenRests(KubernetesClient client) {
        Website.define(client);
        WebsiteReconciler reconciler = new WebsiteReconciler("operator");
        Operator operator = operator(client, reconciler);
        operator.start();
        try {
            client.resource(Website.named("home", "hello")).create();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(message(client)).isEqualTo("operator serves hello"));
            Website home = home(client);
            assertThat(home.getMetadata().getFinalizers()).hasSize(1);
            assertThat(home.getStatus().observedGeneration)
                    .isEqualTo(home.getMetadata().getGeneration());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(page(client)).isEqualTo("hello"));
            assertThat(server(client).getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid())
                            .isEqualTo(home.getMetadata().getUid()));
            rests(reconciler);

            client.configMaps().withName("home").patch("{\"data\":{\"index.html\":\"drifted\"}}");
            await().atMost(PATIENCE).until(() -> page(client).equals("hello"));
            client.apps()
                    .deployments()
                    .withName("home")
                    .edit(live -> new DeploymentBuilder(live)
                            .editSpec()
                            .withReplicas(2)
                            .endSpec()
                            .build());
            await().atMost(PATIENCE).until(() -> server(client).getSpec().getReplicas() == 0);
            client.apps().deployments().withName("home").delete();
            await().atMost(PATIENCE)
                    .until(() -> client.apps().deployments().withName("home").get() != null);
            rests(reconciler);

            client.resources(Website.class).withName("home").edit(live -> {
                live.getSpec().greeting = "good morning";
                return live;
            });
            await().atMost(PATIENCE)
                    .until(() -> message(client).equals("operator serves good morning")
                            && page(client).equals("good morning"));
            rests(reconciler);

            client.resources(Website.class).withName("home").delete();
            await().atMost(PATIENCE)
                    .until(() ->
                            client.resources(Website.class).withName("home").get() == null);
            assertThat(reconciler.cleaned()).isOne();
            await().atMost(PATIENCE)
                    .until(() -> client.configMaps().withName("home").get() == null
                            && client.apps().deployments().withName("home").get() == null);
        } finally {
            operator.stop();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void leavesTheWorkToItsLeader(KubernetesClient client) {
        Website.define(client);
        WebsiteReconciler first = new WebsiteReconciler("first");
        WebsiteReconciler second = new WebsiteReconciler("second");
        Operator leader = operator(client, first);
        Operator follower = operator(client, second);
        // The SDK starts once it leads.
        CompletableFuture<Void> leads = CompletableFuture.runAsync(leader::start, Thread::startVirtualThread);
        await().atMost(PATIENCE)
                .until(() -> client.leases().withName("websites").get() != null);
        CompletableFuture<Void> follows = CompletableFuture.runAsync(follower::start, Thread::startVirtualThread);
        try {
            client.resource(Website.named("home", "hello")).create();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(message(client)).isEqualTo("first serves hello"));
            assertThat(leads).succeedsWithin(PATIENCE);
            assertThat(second.reconciled()).isZero();

            leader.stop();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(message(client)).isEqualTo("second serves hello"));
            assertThat(follows).succeedsWithin(PATIENCE);
            client.resources(Website.class).withName("home").delete();
            await().atMost(PATIENCE)
                    .until(() ->
                            client.resources(Website.class).withName("home").get() == null);
        } finally {
            leader.stop();
            follower.stop();
        }
    }

    private static Operator operator(KubernetesClient client, WebsiteReconciler reconciler) {
        KubernetesClient own = new KubernetesClientBuilder()
                .withConfig(client.getConfiguration())
                .build();
        Operator operator = new Operator(settings -> settings.withKubernetesClient(own)
                .withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("websites")
                                .withLeaseNamespace(client.getNamespace())
                                .withIdentity("operator-" + UUID.randomUUID())
                                .withLeaseDuration(Duration.ofSeconds(3))
                                .withRenewDeadline(Duration.ofSeconds(2))
                                .withRetryPeriod(Duration.ofMillis(300))
                                .withExitOnStopLeading(false)
                                .build()));
        operator.register(reconciler, settings -> settings.settingNamespace(client.getNamespace()));
        return operator;
    }

    /** Nothing is left to do, so nothing is done. */
    private static void rests(WebsiteReconciler reconciler) {
        int[] before = {reconciler.reconciled()};
        await().during(QUIET).atMost(PATIENCE).until(() -> {
            int now = reconciler.reconciled();
            boolean same = now == before[0];
            before[0] = now;
            return same;
        });
    }

    private static Website home(KubernetesClient client) {
        return client.resources(Website.class).withName("home").require();
    }

    private static String message(KubernetesClient client) {
        Website.Status status = home(client).getStatus();
        return status == null || status.message == null ? "" : status.message;
    }

    private static String page(KubernetesClient client) {
        ConfigMap page = client.configMaps().withName("home").get();
        return page == null ? "" : page.getData().getOrDefault("index.html", "");
    }

    private static Deployment server(KubernetesClient client) {
        return client.apps().deployments().withName("home").require();
    }
}
