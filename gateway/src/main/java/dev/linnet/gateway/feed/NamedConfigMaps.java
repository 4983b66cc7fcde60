package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Follows ConfigMaps one by one, each as long as somebody names it: a cluster holds many, and few concern us. Called by one thread,
 * but for {@link #replaceIfSilent}.
 */
final class NamedConfigMaps {
    /** A ConfigMap that cannot be read must not keep all routes from being served. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Inbox inbox;
    private final Map<ObjectRef, Following> followed = new HashMap<>();

    private record Following(KindFollower<ConfigMap> follower, CompletableFuture<Void> listed) {}

    NamedConfigMaps(KubernetesClient client, Inbox inbox) {
        this.client = client;
        this.inbox = inbox;
    }

    static KindFollower<ConfigMap> follower(KubernetesClient client, Inbox inbox, ObjectRef object) {
        return new KindFollower<>(
                new Kind<>(
                        "ConfigMap",
                        client.configMaps().inNamespace(object.namespace()).withName(object.name()),
                        meta -> new ConfigMapBuilder().withMetadata(meta).build(),
                        Change.OfConfigMap::new),
                inbox,
                System::nanoTime);
    }

    /** Follows exactly these from now on. Completes when each is in the inbox, if it exists. */
    synchronized CompletableFuture<Void> follow(Set<ObjectRef> named) {
        List.copyOf(followed.keySet()).stream()
                .filter(object -> !named.contains(object))
                .forEach(object -> Optional.ofNullable(followed.remove(object))
                        .ifPresent(gone -> gone.follower().stop()));
        named.forEach(object -> followed.computeIfAbsent(object, this::begin));
        return CompletableFuture.allOf(
                followed.values().stream().map(Following::listed).toArray(CompletableFuture<?>[]::new));
    }

    private Following begin(ObjectRef object) {
        KindFollower<ConfigMap> follower = follower(client, inbox, object);
        CompletableFuture<Void> listed = follower.start().copy();
        return new Following(follower, listed.completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    synchronized void replaceIfSilent(Duration longest) {
        followed.values().forEach(one -> one.follower().replaceIfSilent(longest));
    }

    synchronized void stop() {
        followed.values().forEach(one -> one.follower().stop());
        followed.clear();
    }
}
