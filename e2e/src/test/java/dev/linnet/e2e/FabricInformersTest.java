package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Programs that follow objects: what they know is what there is, whatever happens to their connections. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class FabricInformersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void hearsOfEachChangeOnceAndInOrder(KubernetesClient client) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().withLabel("followed", "yes").inform(new Notes(seen))) {
            followed(client, "one", "1");
            client.resource(Objects.configMap("unfollowed", "1")).create();
            set(client, "one", "2");
            followed(client, "two", "1");
            client.configMaps().withName("two").delete();
            client.configMaps()
                    .withName("one")
                    .edit(map -> map.edit()
                            .editMetadata()
                            .addToLabels("followed", "no")
                            .endMetadata()
                            .build());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .containsExactly(
                                    "added one 1", "updated one 2", "added two 1", "deleted two 1", "deleted one 2"));
            assertThat(informer.getStore().list()).isEmpty();
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tellsAgainWhatItKnowsWhenAskedToResync(KubernetesClient client) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        followed(client, "one", "1");
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().withLabel("followed").inform(new Notes(seen), 300)) {
            await().atMost(PATIENCE).until(() -> seen.size() >= 4);
            assertThat(List.copyOf(seen).subList(0, 4))
                    .containsExactly("added one 1", "updated one 1", "updated one 1", "updated one 1");
            assertThat(informer.hasSynced()).isTrue();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void goesOnWhereItsLineWasCut(KubernetesClient client) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        followed(client, "one", "1");
        followed(client, "two", "1");
        try (Line line = Line.to(URI.create(client.getMasterUrl().toString()));
                KubernetesClient far = behind(line, client);
                SharedIndexInformer<ConfigMap> informer =
                        far.configMaps().withLabel("followed").inform(new Notes(seen))) {
            assertThat(seen).containsExactlyInAnyOrder("added one 1", "added two 1");
            line.cut();
            set(client, "one", "2");
            client.configMaps().withName("two").delete();
            followed(client, "three", "1");
            line.mend();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .contains("updated one 2", "deleted two 1", "added three 1")
                            .hasSize(5));
            set(client, "one", "3");
            await().atMost(PATIENCE).until(() -> seen.contains("updated one 3"));
            assertThat(informer.getStore().list()).hasSize(2);
        }
    }

    /** More than any history holds: the server answers 410, and the client lists again. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void catchesUpHoweverMuchItMissed(KubernetesClient client) throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        followed(client, "one", "0");
        followed(client, "gone", "0");
        try (Line line = Line.to(URI.create(client.getMasterUrl().toString()));
                KubernetesClient far = behind(line, client);
                SharedIndexInformer<ConfigMap> informer =
                        far.configMaps().withLabel("followed").inform(new Notes(seen))) {
            line.cut();
            changeOften(client, 4_500);
            client.configMaps().withName("gone").delete();
            set(client, "one", "last");
            line.mend();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(informer.getStore().list())
                            .extracting(map -> map.getMetadata().getName() + " "
                                    + map.getData().get("key"))
                            .containsExactly("one last"));
            assertThat(seen).contains("updated one last").anyMatch(note -> note.startsWith("deleted gone"));
            followed(client, "new", "1");
            await().atMost(PATIENCE).until(() -> seen.contains("added new 1"));
        }
    }

    private static void changeOften(KubernetesClient client, int times) throws Exception {
        int writers = 8;
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String name = "busy-" + writer;
                all.add(pool.submit(() -> {
                    client.resource(Objects.configMap(name, "0")).create();
                    for (int change = 1; change <= times / writers; change++) {
                        set(client, name, Integer.toString(change));
                    }
                }));
            }
            for (Future<?> writer : all) {
                writer.get();
            }
        }
    }

    private static void followed(KubernetesClient client, String name, String value) {
        client.resource(Objects.configMap(name, value)
                        .edit()
                        .editMetadata()
                        .addToLabels("followed", "yes")
                        .endMetadata()
                        .build())
                .create();
    }

    private static void set(KubernetesClient client, String name, String value) {
        client.configMaps().withName(name).patch("{\"data\":{\"key\":\"" + value + "\"}}");
    }

    /** The same access by another way. The certificate is not for that way's name. */
    private static KubernetesClient behind(Line line, KubernetesClient client) {
        Config config = new ConfigBuilder(client.getConfiguration())
                .withMasterUrl(line.url())
                .withTrustCerts(true)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private record Notes(Queue<String> seen) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            note("added", map);
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            note("updated", after);
        }

        @Override
        public void onDelete(ConfigMap map, boolean finalStateUnknown) {
            note("deleted", map);
        }

        private void note(String what, ConfigMap map) {
            seen.add(what + " " + map.getMetadata().getName() + " "
                    + map.getData().get("key"));
        }
    }
}
