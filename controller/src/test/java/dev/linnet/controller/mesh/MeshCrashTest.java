package dev.linnet.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.release.FrontApi;
import dev.linnet.controller.release.FrontApi.Fault;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wherever a controller dies, the next one leads the Service to gateways, and gives it back as it was; and at no moment between two writes does
 * a request meet nobody.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MeshCrashTest {
    private static final int MOST_LOOKS = 40;

    @SuppressWarnings("NullAway.Init")
    private MeshCluster cluster;

    @BeforeAll
    void startsTheApi(@TempDir Path folder) {
        cluster = new MeshCluster(folder);
    }

    @AfterAll
    void stopsTheApi() {
        cluster.close();
    }

    /** A life: the namespace opts in, and out again. */
    private static final class Life implements AutoCloseable {
        private final FrontApi front;
        private final Shop shop;
        private final List<String> lost = new ArrayList<>();
        private int controllers;
        private KubernetesClient client;
        private MeshNamespace controller;

        Life(MeshCluster cluster) {
            this.front = new FrontApi(cluster.api());
            this.shop = cluster.shop();
            this.client = newClient();
            this.controller = newController();
            front.afterWrite(call -> {
                if (!shop.serves()) {
                    lost.add(call.toString());
                }
            });
        }

        private KubernetesClient newClient() {
            return new KubernetesClientBuilder()
                    .withConfig(new ConfigBuilder(Config.empty())
                            .withMasterUrl(front.url())
                            .withRequestRetryBackoffLimit(0)
                            .build())
                    .build();
        }

        private MeshNamespace newController() {
            controllers++;
            InstantSource clock = InstantSource.system();
            return new MeshNamespace(
                    client, shop.namespace(), MeshSettings.DEFAULT, new Complaints(client, clock), clock);
        }

        /** Dies after its so many-th write. */
        void diesAfter(int last) {
            front.fail(call -> call.writes() && front.writes().size() == last - 1 && controllers == 1
                    ? new Fault.DoneThenCutOff()
                    : Fault.NONE);
        }

        void until(String what, BooleanSupplier goal) {
            for (int look = 0; look < MOST_LOOKS && !goal.getAsBoolean(); look++) {
                look();
                shop.followsAsTheClusterWould();
            }
            assertThat(goal.getAsBoolean())
                    .as("%s within %d looks: %s", what, MOST_LOOKS, shop.state())
                    .isTrue();
        }

        private void look() {
            if (front.isCutOff()) {
                client.close();
                front.mend();
                client = newClient();
                controller = newController();
            }
            try {
                controller.settle(shop.services(), shop.surroundings());
            } catch (KubernetesClientException _) {
                // It has just died.
            }
        }

        /** @return what is there when it is taken over, and when it has been given back */
        List<String> lived() {
            until("taken over", () -> shop.isTaken() && shop.state().contains("linnet.dev/mesh True"));
            String taken = shop.state();
            shop.optsOut();
            until("given back", () -> shop.isLeft() && !shop.state().contains("linnet.dev"));
            return List.of(taken, shop.state());
        }

        @Override
        public void close() {
            shop.close();
            client.close();
            front.close();
        }
    }

    @Test
    void isLedToGatewaysAndGivenBackWhereverTheControllerDies() {
        List<String> undisturbed;
        int writes;
        try (Life life = new Life(cluster)) {
            String before = life.shop.state();
            undisturbed = life.lived();
            writes = life.front.writes().size();
            assertThat(undisturbed.getLast()).isEqualTo(before);
            assertThat(life.lost).isEmpty();
        }
        assertThat(writes).isGreaterThan(15);
        for (int last = 1; last < writes; last++) { // after the last one nothing is left to do
            try (Life life = new Life(cluster)) {
                life.diesAfter(last);
                List<String> ends = life.lived();
                String when = "after write " + last + ", " + life.front.writes().get(last - 1);
                assertThat(life.controllers).as(when).isEqualTo(2);
                assertThat(ends).as(when).isEqualTo(undisturbed);
                assertThat(life.lost).as(when).isEmpty();
            }
        }
    }
}
