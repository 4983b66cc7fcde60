package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.manifests.istio.IstioObject;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows Istio's kinds as soon as the API has them, which may be never, and Pods with them, which are needed for nothing else: their
 * labels make subsets, and their addresses tell who asks.
 */
final class LateKinds {
    /** How soon kinds are noticed that somebody has installed. */
    static final Duration LOOKS = Duration.ofSeconds(5);

    private static final Map<String, String> KINDS =
            Map.of("VirtualService", "virtualservices", "DestinationRule", "destinationrules", "Gateway", "gateways");

    /** All versions have the same schema; old installations lack the newer ones. */
    private static final List<String> VERSIONS = List.of("v1", "v1beta1", "v1alpha3");

    /** A kind that may not be read must not keep all routes from being served. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Optional<String> namespace;
    private final Inbox inbox;
    private final CountDownLatch closed;
    private final List<KindFollower<?>> followers = new ArrayList<>();

    /** @param namespace the only one; empty for all */
    LateKinds(KubernetesClient client, Optional<String> namespace, Inbox inbox, CountDownLatch closed) {
        this.client = client;
        this.namespace = namespace;
        this.inbox = inbox;
        this.closed = closed;
    }

    /** Completes when each object that exists is in the inbox, or the API has said that it does not have the kinds, or after a while. */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> listed = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().name("linnet-feed-late-kinds").start(() -> {
            CompletableFuture<Void> _ = lookUntilAnswered().thenRun(() -> listed.complete(null));
        });
        return listed.completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Void> lookUntilAnswered() {
        while (true) {
            try {
                return look();
            } catch (KubernetesClientException _) {
                try {
                    if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                        return new CompletableFuture<>();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return new CompletableFuture<>();
                }
            }
        }
    }

    /** Looks whether the kinds are there now. Whoever follows already need not look. */
    void lookAgain() {
        try {
            CompletableFuture<Void> _ = look();
        } catch (KubernetesClientException _) {
            // The API is away: there will be another look.
        }
    }

    private CompletableFuture<Void> look() {
        if (isFollowing()) {
            return CompletableFuture.completedFuture(null);
        }
        return version().map(this::follow).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private synchronized boolean isFollowing() {
        return !followers.isEmpty();
    }

    private Optional<String> version() {
        List<APIGroup> groups = client.getApiGroups().getGroups();
        List<String> served = groups.stream()
                .filter(group -> group.getName().equals(IstioObject.GROUP))
                .flatMap(group -> group.getVersions().stream())
                .map(version -> version.getVersion())
                .toList();
        return VERSIONS.stream().filter(served::contains).findFirst();
    }

    private synchronized CompletableFuture<Void> follow(String version) {
        if (followers.isEmpty()) {
            KINDS.forEach((kind, plural) -> followers.add(istio(version, kind, plural)));
            followers.add(new KindFollower<>(
                    new Kind<>(
                            "Pod",
                            scoped(client.pods()),
                            meta -> new PodBuilder().withMetadata(meta).build(),
                            Change.OfPod::new),
                    inbox,
                    System::nanoTime));
        }
        return CompletableFuture.allOf(
                followers.stream().map(KindFollower::start).toArray(CompletableFuture<?>[]::new));
    }

    private KindFollower<GenericKubernetesResource> istio(String version, String kind, String plural) {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(IstioObject.GROUP)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
        return new KindFollower<>(
                new Kind<>(
                        kind,
                        scoped(client.genericKubernetesResources(context)),
                        meta -> shell(version, kind, meta),
                        Change.OfIstio::new),
                inbox,
                System::nanoTime);
    }

    private <T> Informable<T> scoped(MixedOperation<T, ?, ?> all) {
        return namespace.isPresent() ? all.inNamespace(namespace.get()) : all.inAnyNamespace();
    }

    private static GenericKubernetesResource shell(String version, String kind, ObjectMeta meta) {
        GenericKubernetesResource shell = new GenericKubernetesResource();
        shell.setApiVersion(IstioObject.GROUP + "/" + version);
        shell.setKind(kind);
        shell.setMetadata(meta);
        return shell;
    }

    synchronized void replaceIfSilent(Duration longest) {
        followers.forEach(follower -> follower.replaceIfSilent(longest));
    }

    synchronized void stop() {
        followers.forEach(KindFollower::stop);
    }
}
