package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.HeaderLine;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeedTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HOST = "shop.example.com";
    private static final ServiceRef WEB = new ServiceRef("shop", "web", "80");

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final LiveRoutes live = new LiveRoutes();

    @AutoClose
    private final Feed feed;

    FeedTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        feed = new Feed(client, ClassSettings.DEFAULT, live);
    }

    @BeforeEach
    void aServiceWithARoute() {
        cluster.create(Shop.service("web"));
        cluster.create(Shop.slice("web-1", "web", "10.0.0.1"));
        cluster.create(Shop.ingress("web", HOST, "web"));
    }

    @Test
    void putsWhatItFindsInForceAtOnceAndThenSaysThatItIsReady() {
        assertThat(feed.synced()).isFalse();
        feed.onChange(_ -> assertThat(live.table().rules()).hasSize(1));

        feed.start();

        eventually(feed::synced);
        assertThat(live.table().rules()).extracting(Rule::primary).containsExactly(WEB);
        assertThat(live.endpointsOf(WEB)).containsExactly(new Endpoint("10.0.0.1", 8080, ""));
    }

    @Test
    void isReadyInAnEmptyCluster() {
        cluster.delete(Shop.ingress("web", HOST, "web"));
        cluster.delete(Shop.slice("web-1", "web"));
        cluster.delete(Shop.service("web"));
        cluster.delete(Shop.ingressClass());

        feed.start();

        eventually(feed::synced);
        assertThat(live.installed()).isTrue();
        assertThat(live.table().rules()).isEmpty();
    }

    @Test
    void obeysEachKindOfChange() {
        startAndSync();

        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "10"));
        eventually(() -> shares().equals(List.of(new Share(10, 100))));
        cluster.put(Shop.canary("web-canary", HOST, "web-v2", "25"));
        eventually(() -> shares().equals(List.of(new Share(25, 100))));
        cluster.delete(Shop.canary("web-canary", HOST, "web-v2", "25"));
        eventually(() -> shares().isEmpty());

        cluster.put(Shop.slice("web-1", "web", "10.0.0.1", "10.0.0.2"));
        eventually(() -> live.endpointsOf(WEB).size() == 2);
        cluster.delete(Shop.service("web"));
        eventually(() -> live.endpointsOf(WEB).isEmpty());

        cluster.delete(Shop.ingressClass());
        eventually(() -> live.table().rules().isEmpty());
    }

    @Test
    void saysWhatIsWrongWithWhatItObeysAsLongAsItIs() {
        startAndSync();
        assertThat(live.problems()).isEmpty();

        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "12%"));
        eventually(() ->
                live.problems().stream().anyMatch(problem -> problem.message().contains("12%")));
        cluster.delete(Shop.canary("web-canary", HOST, "web-v2", "12%"));
        eventually(() -> live.problems().isEmpty());
    }

    @Test
    void endsAtTheLastOfManyChangesAndSaysWhichVersionIsInForce() {
        startAndSync();
        Ingress last = cluster.create(Shop.canary("web-canary", HOST, "web-v2", "0"));

        for (int weight = 1; weight <= 50; weight++) {
            last = cluster.put(Shop.canary("web-canary", HOST, "web-v2", String.valueOf(weight)));
        }

        String version = last.getMetadata().getResourceVersion();
        eventually(() -> version.equals(feed.applied().get("Ingress/shop/web-canary")));
        assertThat(shares()).containsExactly(new Share(50, 100));
    }

    @Test
    void tellsWhatAuthorsShouldHear() {
        startAndSync();
        var told = new LinkedBlockingQueue<Set<ObjectRef>>();
        feed.onChange(told::add);
        ObjectRef canary = new ObjectRef("Ingress", "shop", "web-canary");

        cluster.create(Shop.canary("web-canary", "nowhere.example.com", "web-v2", "12%"));

        eventually(() -> told.stream().anyMatch(objects -> objects.contains(canary)));
        assertThat(feed.followed(canary).orElseThrow().problems())
                .extracting(problem -> problem.reason().toString())
                .containsExactly("BadAnnotation", "CanaryNotAttached");
    }

    @Test
    void keepsTheLastTableWhileTheApiIsAwayAndGoesOnWhenItIsBack() {
        startAndSync();

        cluster.restart(() -> {
            assertThat(live.table().rules()).hasSize(1);
            assertThat(feed.synced()).isTrue();
        });

        assertThat(live.table().rules()).hasSize(1);
        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "10"));
        await().atMost(Duration.ofSeconds(30)).until(() -> !shares().isEmpty());
    }

    @Test
    void listsAgainWhenWatchesAreSilentAndMissesNothing() {
        Duration silence = Duration.ofMillis(200);
        try (Feed nervous = new Feed(client, FeedSettings.of(ClassSettings.DEFAULT), live, silence)) {
            nervous.start();
            eventually(nervous::synced);
            for (int round = 1; round <= 5; round++) {
                String weight = String.valueOf(round);
                cluster.create(Shop.canary("web-canary", HOST, "web-v2", weight));
                eventually(() -> shares().equals(List.of(new Share(Integer.parseInt(weight), 100))));
                await().pollDelay(silence.multipliedBy(2)).until(() -> true);
                cluster.delete(Shop.canary("web-canary", HOST, "web-v2", weight));
                eventually(() -> shares().isEmpty());
            }
        }
        assertThat(live.table().rules()).hasSize(1);
    }

    @Test
    void obeysTheConfigMapOfGlobalOptionsAndEachChangeOfIt() {
        ObjectRef options = new ObjectRef("ConfigMap", "shop", "options");
        cluster.create(Shop.configMap("options", Map.of("proxy-read-timeout", "7", "hide-headers", "X-A")));
        cluster.create(Shop.configMap("others", Map.of("proxy-read-timeout", "9")));
        FeedSettings settings = FeedSettings.of(ClassSettings.DEFAULT).withConfigMap(options);
        LiveRoutes other = new LiveRoutes();
        try (Feed following = new Feed(client, settings, other)) {
            following.start();
            eventually(following::synced);
            assertThat(other.table().rules())
                    .allMatch(rule -> rule.limits().read().equals(Duration.ofSeconds(7)));
            assertThat(other.policy().headers().hidden()).containsExactly("x-a");

            cluster.put(Shop.configMap("options", Map.of("proxy-read-timeout", "8", "worker-processes", "2")));
            eventually(() -> other.table().rules().getFirst().limits().read().equals(Duration.ofSeconds(8)));
            eventually(() -> other.policy().headers().hidden().isEmpty());
            assertThat(following.followed(options).orElseThrow().problems())
                    .extracting(problem -> problem.path())
                    .containsExactly("data[worker-processes]");

            cluster.delete(Shop.configMap("options", Map.of()));
            eventually(() -> other.table().rules().getFirst().limits().read().equals(Duration.ofSeconds(60)));
        }
    }

    @Test
    void followsAConfigMapThatTheGlobalOneNames() {
        ObjectRef options = new ObjectRef("ConfigMap", "shop", "options");
        cluster.create(Shop.configMap("options", Map.of("add-headers", "shop/headers")));
        cluster.create(Shop.configMap("headers", Map.of("X-One", "1")));
        LiveRoutes other = new LiveRoutes();
        FeedSettings settings = FeedSettings.of(ClassSettings.DEFAULT).withConfigMap(options);
        try (Feed following = new Feed(client, settings, other)) {
            following.start();
            eventually(following::synced);
            assertThat(other.policy().headers().added()).containsExactly(new HeaderLine("X-One", "1"));

            cluster.put(Shop.configMap("headers", Map.of("X-One", "2")));
            eventually(() -> other.policy().headers().added().equals(List.of(new HeaderLine("X-One", "2"))));
        }
    }

    @Test
    void triesAgainWhatABugOfOursHasKeptFromBeingPutInForce() {
        startAndSync();
        AtomicBoolean broken = new AtomicBoolean(true);
        var told = new LinkedBlockingQueue<Set<ObjectRef>>();
        ObjectRef canary = new ObjectRef("Ingress", "shop", "web-canary");
        feed.onChange(objects -> {
            if (broken.get() && objects.contains(canary)) {
                throw new IllegalStateException("a bug of ours");
            }
            told.add(objects);
        });

        cluster.create(Shop.canary("web-canary", HOST, "web-v2", "10"));
        eventually(() -> live.changes().lastFailed());
        broken.set(false);

        eventually(() -> told.stream().anyMatch(objects -> objects.contains(canary)));
        assertThat(shares()).containsExactly(new Share(10, 100));
    }

    @Test
    void followsTheConfigMapsOfANamespaceWhoeverNamesThem() {
        cluster.create(Shop.configMap("one", Map.of("X-One", "1")));
        cluster.create(Shop.configMap("two", Map.of("X-Two", "1")));
        ObjectRef options = new ObjectRef("ConfigMap", "shop", "options");
        cluster.create(Shop.configMap("options", Map.of("add-headers", "shop/one")));
        LiveRoutes other = new LiveRoutes();
        FeedSettings settings = FeedSettings.of(ClassSettings.DEFAULT).withConfigMap(options);
        try (Feed following = new Feed(client, settings, other)) {
            following.start();
            eventually(following::synced);
            eventually(() -> added(other).equals(List.of(new HeaderLine("X-One", "1"))));

            cluster.put(Shop.configMap("options", Map.of("add-headers", "shop/two")));
            eventually(() -> added(other).equals(List.of(new HeaderLine("X-Two", "1"))));
            cluster.put(Shop.configMap("one", Map.of("X-One", "2")));
            cluster.put(Shop.configMap("options", Map.of("add-headers", "shop/one")));
            eventually(() -> added(other).equals(List.of(new HeaderLine("X-One", "2"))));

            cluster.delete(Shop.configMap("one", Map.of()));
            eventually(() -> added(other).isEmpty());
        }
    }

    private static List<HeaderLine> added(LiveRoutes routes) {
        return routes.policy().headers().added();
    }

    private void startAndSync() {
        feed.start();
        eventually(feed::synced);
    }

    private List<Share> shares() {
        return live.table().rules().stream()
                .flatMap(rule -> rule.canaries().stream())
                .map(side -> side.selector().share())
                .toList();
    }

    private static void eventually(Supplier<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(condition::get);
    }
}
