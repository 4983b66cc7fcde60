package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Follows the ConfigMaps of those namespaces in which somebody names one, and of no others: a cluster holds many, and few concern us.
 * However many an Ingress or a thousand of them name, there is one watch for each namespace. Called by one thread, but for {@link
 * #replaceIfSilent}.
 */
final class NamedConfigMaps {
    /** A ConfigMap that cannot be read must not keep all routes from being served. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Inbox inbox;
    private final Map<String, Following> followed = new HashMap<>();

    /** @param named in this namespace: what others say is not kept */
    private record Following(Set<ObjectRef> named, KindFollower<ConfigMap> follower, CompletableFuture<Void> listed) {
        Following naming(Set<ObjectRef> fewer) {
            return new Following(fewer, follower, listed);
        }
    }

    NamedConfigMaps(KubernetesClient client, Inbox inbox) {
        this.client = client;
        this.inbox = inbox;
    }

    /** Follows a single one. */
    static KindFollower<ConfigMap> follower(KubernetesClient client, Inbox inbox, ObjectRef object) {
        return follower(
                inbox, client.configMaps().inNamespace(object.namespace()).withName(object.name()));
    }

    private static KindFollower<ConfigMap> follower(Inbox inbox, Informable<ConfigMap> source) {
        return new KindFollower<>(
                new Kind<>(
                        "ConfigMap",
                        source,
                        meta -> new ConfigMapBuilder().withMetadata(meta).build(),
                        Change.OfConfigMap::new),
                inbox,
                System::nanoTime);
    }

    /** Follows exactly these from now on. Completes when each is in the inbox, if it exists. */
    synchronized CompletableFuture<Void> follow(Set<ObjectRef> named) {
        Map<String, Set<ObjectRef>> wanted = new HashMap<>();
        named.forEach(object ->
                wanted.computeIfAbsent(object.namespace(), _ -> new HashSet<>()).add(object));
        List.copyOf(followed.keySet()).stream()
                .filter(namespace -> !wanted.containsKey(namespace))
                .forEach(namespace -> Optional.ofNullable(followed.remove(namespace))
                        .ifPresent(gone -> gone.follower().stop()));
        wanted.forEach(this::follow);
        return CompletableFuture.allOf(
                followed.values().stream().map(Following::listed).toArray(CompletableFuture<?>[]::new));
    }

    /** Who names one more has all of the namespace listed again: what was not named was not kept. */
    private void follow(String namespace, Set<ObjectRef> named) {
        Optional<Following> before = Optional.ofNullable(followed.get(namespace));
        if (before.filter(following -> following.named.containsAll(named)).isPresent()) {
            followed.put(namespace, before.get().naming(named));
            return;
        }
        KindFollower<ConfigMap> follower = follower(inbox, client.configMaps().inNamespace(namespace));
        CompletableFuture<Void> listed = follower.start().thenRun(() -> {
            before.ifPresent(old -> old.follower().stop());
            named.stream().filter(object -> !follower.knows(key(object))).forEach(this::tellGone);
        });
        followed.put(
                namespace,
                new Following(
                        named,
                        follower,
                        listed.copy().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)));
    }

    private static Change.Key key(ObjectRef object) {
        return new Change.Key("ConfigMap", object.namespace(), object.name());
    }

    /** Perhaps it was deleted just when one watch took over from the other. */
    private void tellGone(ObjectRef object) {
        inbox.put(new Change.OfConfigMap(key(object), Optional.empty()));
    }

    synchronized void replaceIfSilent(Duration longest) {
        followed.values().forEach(one -> one.follower().replaceIfSilent(longest));
    }

    synchronized void stop() {
        followed.values().forEach(one -> one.follower().stop());
        followed.clear();
    }
}
