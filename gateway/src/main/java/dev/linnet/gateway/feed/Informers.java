package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Follows the kinds that routes are made of, and puts what happens into the {@link Inbox}. Never gives up on the API. */
final class Informers implements AutoCloseable {
    /** API servers send a bookmark about once a minute, so this is at least one that did not come. */
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    /** Of a slice: whose endpoints are in it. */
    private static final String SERVICE = "kubernetes.io/service-name";

    private final Inbox inbox;
    private final Duration longestSilence;
    private final List<KindFollower<?>> kinds;
    private final NamedConfigMaps configMaps;
    private final List<KindFollower<?>> aside;
    private final List<LateKinds> late;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watchdog;
    private volatile CompletableFuture<Void> listed = new CompletableFuture<>();

    Informers(KubernetesClient client, FeedSettings settings, Inbox inbox, Duration longestSilence) {
        this.inbox = inbox;
        this.longestSilence = longestSilence;
        this.configMaps = new NamedConfigMaps(client, inbox);
        WidestFollower<Pod> pods = LateKinds.pods(client, only(settings), inbox);
        LateKinds istio = LateKinds.istio(client, only(settings), inbox, closed, pods);
        LateKinds gatewayApi = settings.mesh()
                .map(namespace -> LateKinds.routes(client, namespace, inbox, closed, pods))
                .orElseGet(() -> LateKinds.gatewayApi(client, settings.namespace(), inbox, closed));
        this.late = List.of(istio, gatewayApi);
        this.kinds =
                settings.mesh().map(namespace -> inside(client, namespace)).orElseGet(() -> outside(client, settings));
        this.aside = settings.mesh().isPresent()
                ? List.of() // inside, only Secrets that somebody names may be read
                : aside(client, settings);
        this.watchdog = Thread.ofVirtual().name("linnet-feed-watchdog").unstarted(this::watch);
    }

    /** What no readiness waits for: whoever may not follow it serves all the same. */
    private List<KindFollower<?>> aside(KubernetesClient client, FeedSettings settings) {
        var secrets = client.genericKubernetesResources(SecretMetadata.KIND);
        Optional<String> only = settings.namespace();
        List<KindFollower<?>> all = new ArrayList<>(List.of(secrets(at(secrets, only))));
        if (only.isPresent()) {
            settings.certificate()
                    .filter(secret -> !secret.namespace().equals(only.get()))
                    .ifPresent(secret -> all.add(
                            secrets(secrets.inNamespace(secret.namespace()).withName(secret.name()))));
            all.add(slices(client.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(Compiler.GATEWAYS.namespace())
                    .withLabel(SERVICE, Compiler.GATEWAYS.name())));
        }
        return all;
    }

    private KindFollower<?> secrets(Informable<GenericKubernetesResource> source) {
        return new KindFollower<>(
                new Kind<>(
                        "Secret",
                        source,
                        SecretMetadata::shell,
                        (key, now) -> new Change.OfSecretVersion(
                                key, now.map(secret -> secret.getMetadata().getResourceVersion()))),
                inbox,
                System::nanoTime);
    }

    private static Optional<String> only(FeedSettings settings) {
        return settings.mesh().or(settings::namespace);
    }

    /** In the only namespace, or in all. */
    static <T extends HasMetadata> Informable<T> at(
            MixedOperation<T, ?, ? extends Resource<T>> objects, Optional<String> only) {
        return only.<Informable<T>>map(objects::inNamespace).orElseGet(objects::inAnyNamespace);
    }

    private List<KindFollower<?>> outside(KubernetesClient client, FeedSettings settings) {
        Optional<String> only = settings.namespace();
        List<KindFollower<?>> all = new ArrayList<>(List.of(
                new KindFollower<>(
                        new Kind<>(
                                "Ingress",
                                at(client.network().v1().ingresses(), only),
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
                services(at(client.services(), only)),
                slices(at(client.discovery().v1().endpointSlices(), only))));
        // Without the ConfigMap no table is whole.
        settings.configMap().ifPresent(object -> all.add(NamedConfigMaps.follower(client, inbox, object)));
        return all;
    }

    /** What a gateway inside the cluster needs of the one namespace that it is for. */
    private List<KindFollower<?>> inside(KubernetesClient client, String namespace) {
        return List.of(
                services(client.services().inNamespace(namespace)),
                slices(client.discovery().v1().endpointSlices().inNamespace(namespace)),
                NamedConfigMaps.follower(client, inbox, new ObjectRef("ConfigMap", namespace, MeshPorts.CONFIG_MAP)));
    }

    private KindFollower<Service> services(Informable<Service> source) {
        return new KindFollower<>(
                new Kind<>(
                        "Service",
                        source,
                        meta -> new ServiceBuilder().withMetadata(meta).build(),
                        Change.OfService::new),
                inbox,
                System::nanoTime);
    }

    private KindFollower<EndpointSlice> slices(Informable<EndpointSlice> source) {
        return new KindFollower<>(
                new Kind<>(
                        "EndpointSlice",
                        source,
                        meta -> new EndpointSliceBuilder().withMetadata(meta).build(),
                        Change.OfEndpointSlice::new),
                inbox,
                System::nanoTime);
    }

    /** Returns at once; when each object that existed at the start is in the inbox, {@link Change.AllListed} follows. */
    void start() {
        listed = CompletableFuture.allOf(Stream.concat(
                                kinds.stream().map(KindFollower::start),
                                late.stream().map(LateKinds::start))
                        .toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> inbox.put(new Change.AllListed()));
        aside.forEach(KindFollower::start);
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
            long pause = Math.min(longestSilence.toMillis() / 4, LateKinds.LOOKS.toMillis());
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                late.forEach(LateKinds::lookAgain);
                late.forEach(kinds -> kinds.replaceIfSilent(longestSilence));
                kinds.forEach(kind -> kind.replaceIfSilent(longestSilence));
                configMaps.replaceIfSilent(longestSilence);
                aside.forEach(kind -> kind.replaceIfSilent(longestSilence));
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
        late.forEach(LateKinds::stop);
        aside.forEach(KindFollower::stop);
    }
}
