package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.feed.KindFollower.Kind;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KindFollowerTest {
    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final Inbox inbox = new Inbox();

    KindFollowerTest(@TempDir Path directory) {
        cluster = new Cluster(directory);
        client = cluster.newClient();
    }

    /** A Service that the wider list lacks is one that was deleted while the one watch took over from the other. */
    @Test
    void tellsWhatWasDeletedWhileItBeganToFollowMore() throws Exception {
        cluster.namespace("front");
        cluster.create(Shop.service("web"));
        cluster.create(labelled("stays", Shop.NAMESPACE));
        cluster.create(labelled("page", "front"));
        KindFollower<Service> follower = new KindFollower<>(services(), inbox, System::nanoTime);
        try {
            follower.start().get(10, TimeUnit.SECONDS);
            assertThat(told(2)).containsExactlyInAnyOrder("shop/web is there", "shop/stays is there");

            follower.follow(client.services().inAnyNamespace().withLabel("stays"));

            assertThat(told(3))
                    .containsExactlyInAnyOrder("shop/web is gone", "shop/stays is there", "front/page is there");
        } finally {
            follower.stop();
        }
    }

    @Test
    void tellsWhatIsOnAllPagesOfAListAndWhatChangesAfterIt() throws Exception {
        for (int i = 0; i < 5; i++) {
            cluster.create(Shop.service("web-" + i));
        }
        KindFollower<Service> follower = new KindFollower<>(services(), inbox, System::nanoTime, 2);
        try {
            follower.start().get(10, TimeUnit.SECONDS);
            assertThat(told(5))
                    .containsExactlyInAnyOrder(
                            "shop/web-0 is there",
                            "shop/web-1 is there",
                            "shop/web-2 is there",
                            "shop/web-3 is there",
                            "shop/web-4 is there");

            cluster.delete(Shop.service("web-3"));

            assertThat(told(1)).containsExactly("shop/web-3 is gone");
        } finally {
            follower.stop();
        }
    }

    private Kind<Service> services() {
        return new Kind<>(
                "Service",
                client.services().inNamespace(Shop.NAMESPACE),
                meta -> new ServiceBuilder().withMetadata(meta).build(),
                Change.OfService::new);
    }

    private static Service labelled(String name, String namespace) {
        return new ServiceBuilder(Shop.service(name))
                .editMetadata()
                .withNamespace(namespace)
                .addToLabels("stays", "yes")
                .endMetadata()
                .build();
    }

    private List<String> told(int count) throws InterruptedException {
        List<String> told = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (told.size() < count && System.nanoTime() < deadline) {
            inbox.take(Duration.ofMillis(100)).forEach(change -> told.add(words((Change.OfService) change)));
        }
        return told;
    }

    private static String words(Change.OfService change) {
        return change.key().namespace() + "/" + change.key().name()
                + (change.now().isPresent() ? " is there" : " is gone");
    }
}
