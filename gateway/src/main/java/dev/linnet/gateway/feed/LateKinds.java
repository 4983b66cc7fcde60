package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.istio.IstioObject;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows the kinds of a group as soon as the API has them, which may be never, and with them what is needed for nothing else: with Istio's
 * Pods, whose labels make subsets and whose addresses tell who asks; with Gateway API's namespaces, whose labels listeners select.
 */
final class LateKinds {
    /** How soon kinds are noticed that somebody has installed. */
    static final Duration LOOKS = Duration.ofSeconds(5);

    private static final Group ISTIO = new Group(
            IstioObject.GROUP,
            List.of("v1", "v1beta1", "v1alpha3"),
            List.of(
                    Late.of("VirtualService", "virtualservices"),
                    Late.of("DestinationRule", "destinationrules"),
                    Late.of("Gateway", "gateways"),
                    Late.of("ServiceEntry", "serviceentries")),
            Change.OfIstio::new);

    /** Older installations have ReferenceGrant as v1beta1 only, newer ones still have it. */
    private static final Group GATEWAY_API = new Group(
            GatewayApiObject.GROUP,
            List.of("v1"),
            List.of(
                    new Late(GatewayApiObject.GATEWAY_CLASS, "gatewayclasses", Optional.empty(), false),
                    Late.of("Gateway", "gateways"),
                    Late.of(GatewayApiObject.HTTP_ROUTE, "httproutes"),
                    new Late(GatewayApiObject.REFERENCE_GRANT, "referencegrants", Optional.of("v1beta1"), true)),
            Change.OfGatewayApi::new);

    /** What gateways inside the cluster need of it: callers may have routes in their own namespaces. */
    private static final Group ROUTES = new Group(
            GatewayApiObject.GROUP,
            List.of("v1"),
            List.of(Late.of(GatewayApiObject.HTTP_ROUTE, "httproutes")),
            Change.OfGatewayApi::new);

    /** A kind that may not be read must not keep all routes from being served. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Optional<String> namespace;
    private final Inbox inbox;
    private final CountDownLatch closed;
    private final Group group;
    private final WidestFollower<?> beside;
    private final List<WidestFollower<?>> followers = new ArrayList<>();
    private boolean following;

    /**
     * Kinds that somebody may install.
     *
     * @param versions all have one schema; old installations lack those that stand first
     */
    private record Group(
            String name,
            List<String> versions,
            List<Late> kinds,
            BiFunction<Change.Key, Optional<GenericKubernetesResource>, Change> change) {}

    /** @param version if it is another one than that of the group */
    private record Late(String kind, String plural, Optional<String> version, boolean namespaced) {
        static Late of(String kind, String plural) {
            return new Late(kind, plural, Optional.empty(), true);
        }
    }

    private LateKinds(
            KubernetesClient client,
            Optional<String> namespace,
            Inbox inbox,
            CountDownLatch closed,
            Group group,
            WidestFollower<?> beside) {
        this.client = client;
        this.namespace = namespace;
        this.inbox = inbox;
        this.closed = closed;
        this.group = group;
        this.beside = beside;
    }

    /** @param namespace the only one; empty for all */
    static LateKinds istio(
            KubernetesClient client,
            Optional<String> namespace,
            Inbox inbox,
            CountDownLatch closed,
            WidestFollower<Pod> pods) {
        return new LateKinds(client, namespace, inbox, closed, ISTIO, pods);
    }

    /** @param namespace the only one; empty for all */
    static LateKinds gatewayApi(
            KubernetesClient client, Optional<String> namespace, Inbox inbox, CountDownLatch closed) {
        return new LateKinds(client, namespace, inbox, closed, GATEWAY_API, namespaces(client, inbox));
    }

    /** @param namespace of the Services that routes are for */
    static LateKinds routes(
            KubernetesClient client, String namespace, Inbox inbox, CountDownLatch closed, WidestFollower<Pod> pods) {
        return new LateKinds(client, Optional.of(namespace), inbox, closed, ROUTES, pods);
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

    /** Looks whether the kinds are there now, or more of them may be followed. Whoever follows already need not look. */
    void lookAgain() {
        try {
            CompletableFuture<Void> _ = look();
        } catch (KubernetesClientException _) {
            // The API is away: there will be another look.
        }
        lookWider();
    }

    private synchronized void lookWider() {
        followers.forEach(WidestFollower::lookWider);
    }

    private CompletableFuture<Void> look() {
        if (isFollowing()) {
            return CompletableFuture.completedFuture(null);
        }
        return version().map(this::follow).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private synchronized boolean isFollowing() {
        return following;
    }

    private Optional<String> version() {
        @Nullable APIGroup found = client.getApiGroup(group.name); // which is little, and null where there is none
        List<String> served = found == null
                ? List.of()
                : found.getVersions().stream()
                        .map(version -> version.getVersion())
                        .toList();
        return group.versions.stream().filter(served::contains).findFirst();
    }

    private synchronized CompletableFuture<Void> follow(String version) {
        if (followers.isEmpty()) {
            group.kinds.forEach(kind -> followers.add(follower(kind, kind.version.orElse(version))));
            followers.add(beside);
        }
        List<CompletableFuture<Void>> listed =
                followers.stream().map(WidestFollower::start).toList();
        following = true; // not before: one that could not be started must be tried again
        return CompletableFuture.allOf(listed.toArray(CompletableFuture<?>[]::new));
    }

    /** Those of all namespaces, who may call, where that is allowed; else those of the only one. */
    static WidestFollower<Pod> pods(KubernetesClient client, Optional<String> namespace, Inbox inbox) {
        return new WidestFollower<>(
                new Kind<>(
                        "Pod",
                        client.pods().inAnyNamespace(),
                        meta -> new PodBuilder().withMetadata(meta).build(),
                        Change.OfPod::new),
                namespace.map(client.pods()::inNamespace),
                () -> mayFollowAll(client, "", "pods"),
                inbox);
    }

    private static boolean mayFollowAll(KubernetesClient client, String apiGroup, String resource) {
        return List.of("list", "watch").stream()
                .allMatch(verb -> client.authorization()
                        .v1()
                        .selfSubjectAccessReview()
                        .create(new SelfSubjectAccessReviewBuilder()
                                .withNewSpec()
                                .withNewResourceAttributes()
                                .withGroup(apiGroup)
                                .withResource(resource)
                                .withVerb(verb)
                                .endResourceAttributes()
                                .endSpec()
                                .build())
                        .getStatus()
                        .getAllowed());
    }

    private static WidestFollower<Namespace> namespaces(KubernetesClient client, Inbox inbox) {
        return WidestFollower.of(
                new Kind<>(
                        "Namespace",
                        client.namespaces(),
                        meta -> new NamespaceBuilder().withMetadata(meta).build(),
                        Change.OfNamespace::new),
                inbox);
    }

    private WidestFollower<GenericKubernetesResource> follower(Late late, String version) {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(group.name)
                .withVersion(version)
                .withKind(late.kind)
                .withPlural(late.plural)
                .withNamespaced(late.namespaced)
                .build();
        String apiVersion = group.name + "/" + version;
        var all = client.genericKubernetesResources(context);
        Kind<GenericKubernetesResource> kind = new Kind<>(
                group.name.equals(GatewayApiObject.GROUP) ? GatewayApiObject.kind(late.kind) : late.kind,
                all.inAnyNamespace(),
                meta -> shell(apiVersion, late.kind, meta),
                group.change);
        Optional<Informable<GenericKubernetesResource>> own =
                namespace.filter(_ -> late.namespaced).map(all::inNamespace);
        return group.equals(ROUTES)
                ? new WidestFollower<>(kind, own, () -> mayFollowAll(client, group.name, late.plural), inbox)
                : WidestFollower.of(own.map(kind::at).orElse(kind), inbox);
    }

    private static GenericKubernetesResource shell(String apiVersion, String kind, ObjectMeta meta) {
        GenericKubernetesResource shell = new GenericKubernetesResource();
        shell.setApiVersion(apiVersion);
        shell.setKind(kind);
        shell.setMetadata(meta);
        return shell;
    }

    synchronized void replaceIfSilent(Duration longest) {
        followers.forEach(follower -> follower.replaceIfSilent(longest));
    }

    synchronized void stop() {
        followers.forEach(WidestFollower::stop);
    }
}
