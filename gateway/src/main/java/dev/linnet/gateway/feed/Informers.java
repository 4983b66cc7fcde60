package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows the kinds that routes are made of, and puts what happens into the {@link Inbox}. Never gives up on the API. */
final class Informers implements AutoCloseable {
    /** API servers send a bookmark about once a minute, so this is at least one that did not come. */
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private final Inbox inbox;
    private final Duration longestSilence;
    private final List<KindFollower<?>> kinds;
    private final NamedConfigMaps configMaps;
    private final KindFollower<?> secrets;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watchdog;
    private volatile CompletableFuture<Void> listed = new CompletableFuture<>();

    /** @param globalOptions the ConfigMap without which no table is whole */
    Informers(KubernetesClient client, Optional<ObjectRef> globalOptions, Inbox inbox, Duration longestSilence) {
        this.inbox = inbox;
        this.longestSilence = longestSilence;
        this.configMaps = new NamedConfigMaps(client, inbox);
        this.kinds = new ArrayList<>(List.of(
                new KindFollower<>(
                        new Kind<>(
                                "Ingress",
                                client.network().v1().ingresses().inAnyNamespace(),
                                meta -> new IngressBuilder().withMetadata(meta).build(),
                                Change.OfIngress::new),
                        inbox,
                        System::nanoTime),
                new KindFollower<>(
                        new Kind<>(
                                "IngressClass",
                                client.network().v1().ingressClasses(),
                                meta -> new IngressClassBuilder()
                                        .withMetadata(meta)
                                        .build(),
                                Change.OfIngressClass::new),
                        inbox,
                        System::nanoTime),
                new KindFollower<>(
                        new Kind<>(
                                "Service",
                                client.services().inAnyNamespace(),
                                meta -> new ServiceBuilder().withMetadata(meta).build(),
                                Change.OfService::new),
                        inbox,
                        System::nanoTime),
                new KindFollower<>(
                        new Kind<>(
                                "EndpointSlice",
                                client.discovery().v1().endpointSlices().inAnyNamespace(),
                                meta -> new EndpointSliceBuilder()
                                        .withMetadata(meta)
                                        .build(),
                                Change.OfEndpointSlice::new),
                        inbox,
                        System::nanoTime)));
        globalOptions.ifPresent(object -> kinds.add(NamedConfigMaps.follower(client, inbox, object)));
        this.secrets = new KindFollower<>(
                new Kind<>(
                        "Secret",
                        client.genericKubernetesResources(SecretMetadata.KIND).inAnyNamespace(),
                        SecretMetadata::shell,
                        (key, now) -> new Change.OfSecretVersion(
                                key, now.map(secret -> secret.getMetadata().getResourceVersion()))),
                inbox,
                System::nanoTime);
        this.watchdog = Thread.ofVirtual().name("linnet-feed-watchdog").unstarted(this::watch);
    }

    /** Returns at once; when each object that existed at the start is in the inbox, {@link Change.AllListed} follows. */
    void start() {
        listed = CompletableFuture.allOf(kinds.stream().map(KindFollower::start).toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> inbox.put(new Change.AllListed()));
        secrets.start(); // whoever may not follow Secrets serves all the same
        watchdog.start();
    }

    /**
     * Follows these ConfigMaps too, and no others any more.
     *
     * @return completes when each is in the inbox, if it exists
     */
    CompletableFuture<Void> follow(Set<ObjectRef> named) {
        return configMaps.follow(named);
    }

    private void watch() {
        try {
            while (!closed.await(longestSilence.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                kinds.forEach(kind -> kind.replaceIfSilent(longestSilence));
                configMaps.replaceIfSilent(longestSilence);
                secrets.replaceIfSilent(longestSilence);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    @Override
    public void close() {
        closed.countDown();
        listed.cancel(false);
        kinds.forEach(KindFollower::stop);
        configMaps.stop();
        secrets.stop();
    }
}
