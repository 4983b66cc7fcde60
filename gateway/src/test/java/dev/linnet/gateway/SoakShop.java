package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.FeedSettings;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.gateway.tls.TestAuthority;
import dev.linnet.gateway.tls.TestAuthority.Issued;
import dev.linnet.manifests.ingress.ClassSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A shop that never stands still, behind a gateway that follows it. Two hosts are there all the time, and what they must answer is known
 * at each moment; a third one comes and goes.
 */
final class SoakShop implements AutoCloseable {
    /** Always {@code v1}. */
    static final String STABLE = "stable.example.com";
    /** {@code v1} or {@code v2}, by header {@code X-Canary} and by weight. */
    static final String CANARY = "canary.example.com";

    static final String V1 = "v1";
    static final String V2 = "v2";
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";
    /** As long as an event loop may take to notice a connection that is gone. */
    private static final long CRASH_FELT_NANOS = 1_000_000_000L;

    private static final int[] WEIGHTS = {0, 10, 100, 50};

    private final Cluster cluster;
    private final KubernetesClient client;
    private final TestAuthority authority = TestAuthority.named("authority");
    private final List<Issued> certificates = List.of(authority.issue(STABLE, CANARY), authority.issue(STABLE, CANARY));
    private final List<Pod> old = pods(V1);
    private final List<Pod> young = pods(V2);
    private final RandomGenerator random;
    private final GatewayProcess process;
    private int changes;
    private int guests;
    private boolean cors;
    private boolean reduced;
    private volatile long lastCrash = System.nanoTime() - CRASH_FELT_NANOS;
    private volatile Weight weight = new Weight(50);
    private volatile Optional<Guest> guest = Optional.empty();

    /** What a request gets that begins and ends while this is in force. Another one is not equal, even if it says the same. */
    static final class Weight {
        private final int percent;

        Weight(int percent) {
            this.percent = percent;
        }

        int percent() {
            return percent;
        }
    }

    /** A host that is only there for a while. From when it may be gone, it is leaving. */
    static final class Guest {
        private final Ingress ingress;
        private volatile boolean leaving;

        Guest(Ingress ingress) {
            this.ingress = ingress;
        }

        String host() {
            return ingress.getSpec().getRules().getFirst().getHost();
        }

        boolean isLeaving() {
            return leaving;
        }
    }

    SoakShop(Path directory, GatewaySettings settings, RandomGenerator random) throws IOException {
        this.random = random;
        cluster = new Cluster(directory);
        client = cluster.newClient();
        cluster.create(Shop.service(V1));
        cluster.create(Shop.service(V2));
        pods().forEach(pod -> cluster.create(pod.slice()));
        cluster.create(certificate());
        cluster.create(stable());
        cluster.create(secured(Shop.ingress("canary-primary", CANARY, V1)));
        cluster.create(canary(weight.percent()));
        FeedSettings follows = FeedSettings.of(ClassSettings.DEFAULT);
        process = GatewayProcess.start(client, new GatewayProcess.Settings(settings, follows, Optional.empty()));
        await().atMost(Conversation.PATIENCE).until(process::ready);
    }

    private static List<Pod> pods(String service) {
        return IntStream.range(0, 3).mapToObj(i -> Pod.of(service, i)).toList();
    }

    private Stream<Pod> pods() {
        return Stream.concat(old.stream(), young.stream());
    }

    GatewayProcess process() {
        return process;
    }

    SSLContext trust() {
        return authority.context();
    }

    /** Whether a Pod that named itself so has crashed since: what it was about to say is lost. */
    boolean hasCrashed(String pod) {
        return pods().anyMatch(each -> each.hasCrashed(pod));
    }

    /** Whether what began then may have met a Pod as it crashed. */
    boolean mayHaveMetCrash(long began) {
        return lastCrash - began + CRASH_FELT_NANOS >= 0;
    }

    Weight weight() {
        return weight;
    }

    Optional<Guest> guest() {
        return guest;
    }

    /** Does the next thing that happens in clusters. */
    void change() {
        int turn = changes++;
        switch (turn % 6) {
            case 0 -> weigh(WEIGHTS[random.nextInt(WEIGHTS.length)]);
            case 1 -> scale();
            case 2 -> crashOrStart(turn % 12 == 2 ? old.getFirst() : young.getFirst());
            case 3 -> cluster.put(certificate());
            case 4 -> comeOrGo();
            case 5 -> toggleCors();
            default -> throw new IllegalStateException();
        }
    }

    private void weigh(int percent) {
        weight = new Weight(50); // nobody knows
        applied(cluster.put(canary(percent)));
        weight = new Weight(percent);
    }

    /** The third Pods of both Services are taken out, or put back in: nobody is asked any more, and what is under way goes on. */
    private void scale() {
        reduced = !reduced;
        for (Pod third : List.of(old.get(2), young.get(2))) {
            if (reduced) {
                cluster.delete(third.slice());
            } else {
                cluster.create(third.slice());
            }
        }
    }

    /** The first Pod of a Service: the second is always there. */
    private void crashOrStart(Pod pod) {
        if (pod.isAlive()) {
            lastCrash = System.nanoTime();
            pod.crash();
            lastCrash = System.nanoTime();
        } else {
            pod.startAgain();
        }
    }

    private void comeOrGo() {
        if (guest.isPresent()) {
            Guest known = guest.get();
            known.leaving = true;
            guest = Optional.empty();
            cluster.delete(known.ingress);
        } else {
            String name = "guest-" + guests++ % 50;
            Ingress ingress = cluster.create(Shop.ingress(name, name + ".example.com", V1));
            applied(ingress);
            guest = Optional.of(new Guest(ingress));
        }
    }

    private void toggleCors() {
        cors = !cors;
        cluster.put(stable());
    }

    /** Waits until the gateway obeys it. */
    private void applied(HasMetadata object) {
        String key = "Ingress/" + Shop.NAMESPACE + "/" + object.getMetadata().getName();
        String version = object.getMetadata().getResourceVersion();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Conversation.PATIENCE)
                .until(() -> version.equals(process.applied().get(key)));
    }

    private Ingress stable() {
        Ingress plain = secured(Shop.ingress("stable", STABLE, V1));
        return cors ? annotated(plain, "enable-cors", "true") : plain;
    }

    private static Ingress canary(int percent) {
        return Shop.annotated(
                Shop.ingress("canary", CANARY, V2),
                Map.of(
                        PREFIX + "canary",
                        "true",
                        PREFIX + "canary-by-header",
                        "X-Canary",
                        PREFIX + "canary-weight",
                        String.valueOf(percent)));
    }

    private static Ingress secured(Ingress ingress) {
        return new IngressBuilder(annotated(ingress, "ssl-redirect", "false"))
                .editSpec()
                .addNewTl()
                .withHosts(ingress.getSpec().getRules().getFirst().getHost())
                .withSecretName("cert")
                .endTl()
                .endSpec()
                .build();
    }

    private static Ingress annotated(Ingress ingress, String annotation, String value) {
        return new IngressBuilder(ingress)
                .editMetadata()
                .addToAnnotations(PREFIX + annotation, value)
                .endMetadata()
                .build();
    }

    private Secret certificate() {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Shop.NAMESPACE)
                .withName("cert")
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(
                        new HashMap<>(certificates.get(changes % 12 < 6 ? 0 : 1).base64()))
                .build();
    }

    /** Everybody has gone: no buffer may be held. */
    void assertHoldsNoBuffers() {
        await().atMost(Conversation.PATIENCE)
                .untilAsserted(
                        () -> assertThat(process.gateway().bufferedBytes()).isZero());
    }

    @Override
    public void close() {
        process.close();
        client.close();
        cluster.close();
        pods().forEach(Pod::close);
        assertThat(process.gateway().bufferedBytes())
                .as("bytes in leaked buffers")
                .isZero();
    }
}
