package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the kinds that routes are made of, and puts what happens into the {@link Inbox}. Never gives up on the API. */
final class Informers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Informers.class);

    private final Inbox inbox;
    private final List<SharedIndexInformer<?>> informers;
    private volatile CompletableFuture<Void> listed = new CompletableFuture<>();

    Informers(KubernetesClient client, Inbox inbox) {
        this.inbox = inbox;
        this.informers = List.of(
                informer(
                        Ingress.class,
                        client.network().v1().ingresses().inAnyNamespace(),
                        meta -> new IngressBuilder().withMetadata(meta).build(),
                        Change.OfIngress::new),
                informer(
                        IngressClass.class,
                        client.network().v1().ingressClasses(),
                        meta -> new IngressClassBuilder().withMetadata(meta).build(),
                        Change.OfIngressClass::new),
                informer(
                        Service.class,
                        client.services().inAnyNamespace(),
                        meta -> new ServiceBuilder().withMetadata(meta).build(),
                        Change.OfService::new),
                informer(
                        EndpointSlice.class,
                        client.discovery().v1().endpointSlices().inAnyNamespace(),
                        meta -> new EndpointSliceBuilder().withMetadata(meta).build(),
                        Change.OfEndpointSlice::new));
    }

    private <T extends HasMetadata> SharedIndexInformer<T> informer(
            Class<T> type,
            Informable<T> source,
            Function<ObjectMeta, T> shell,
            BiFunction<Change.Key, Optional<T>, Change> change) {
        SharedIndexInformer<T> informer = source.runnableInformer(0);
        informer.removeNamespaceIndex();
        informer.itemStore(new SlimStore<>(shell));
        informer.exceptionHandler((_, cause) -> {
            log.atWarn()
                    .addKeyValue("kind", type.getSimpleName())
                    .addKeyValue("cause", cause.toString())
                    .log("Kubernetes API cannot be followed, trying again; the last routes stay in force");
            return true;
        });
        informer.addEventHandler(new Handler<>(type.getSimpleName(), change));
        return informer;
    }

    /** Returns at once; when each object that existed at the start is in the inbox, {@link Change.AllListed} follows. */
    void start() {
        listed = CompletableFuture.allOf(informers.stream()
                        .map(informer -> informer.start().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> inbox.put(new Change.AllListed()));
    }

    @Override
    public void close() {
        listed.cancel(false);
        informers.forEach(SharedIndexInformer::stop);
    }

    /** Runs on the informer's thread: does nothing but hand over. */
    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final String kind;
        private final BiFunction<Change.Key, Optional<T>, Change> change;

        Handler(String kind, BiFunction<Change.Key, Optional<T>, Change> change) {
            this.kind = kind;
            this.change = change;
        }

        @Override
        public void onAdd(T object) {
            tell(object, Optional.of(object));
        }

        @Override
        public void onUpdate(T before, T object) {
            tell(object, Optional.of(object));
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            tell(object, Optional.empty());
        }

        private void tell(T object, Optional<T> now) {
            ObjectMeta meta = object.getMetadata();
            String namespace = Optional.ofNullable(meta.getNamespace()).orElse("");
            inbox.put(change.apply(new Change.Key(kind, namespace, meta.getName()), now));
        }
    }
}
