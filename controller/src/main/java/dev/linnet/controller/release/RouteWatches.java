package dev.linnet.controller.release;

import dev.linnet.controller.api.LeanStore;
import dev.linnet.controller.api.NamesOnly;
import dev.linnet.controller.workload.OptionalKinds;
import dev.linnet.manifests.flagger.WeightedRoute.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Watches of routes of Istio, of Gateway API and of Knative, which not every cluster knows: each kind is followed from the first Canary on that
 * routes by it.
 * One that is defined later, or that must not be read, is tried again and again.
 */
final class RouteWatches implements AutoCloseable {
    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final BiPredicate<String, ObjectMeta> news;
    private final BiConsumer<String, ObjectMeta> changed;
    private final Map<Kind, List<SharedIndexInformer<GenericKubernetesResource>>> followed = new ConcurrentHashMap<>();

    /**
     * Of no kind yet.
     *
     * @param namespaces empty for all
     * @param news       whether what an object has become is worth telling
     * @param changed    is told of which kind an object is, by its full name, and which one it is
     */
    RouteWatches(
            KubernetesClient client,
            Set<String> namespaces,
            BiPredicate<String, ObjectMeta> news,
            BiConsumer<String, ObjectMeta> changed) {
        this.client = client;
        this.namespaces = Set.copyOf(namespaces);
        this.news = news;
        this.changed = changed;
    }

    /** Returns at once. */
    void follow(Kind kind) {
        followed.computeIfAbsent(kind, this::start);
    }

    private List<SharedIndexInformer<GenericKubernetesResource>> start(Kind kind) {
        ResourceDefinitionContext context = OptionalKinds.definition(kind);
        var objects = client.genericKubernetesResources(context);
        Stream<SharedIndexInformer<GenericKubernetesResource>> informers = namespaces.isEmpty()
                ? Stream.of(objects.inAnyNamespace().withLimit(LeanStore.PAGE).runnableInformer(0))
                : namespaces.stream()
                        .map(namespace -> objects.inNamespace(namespace)
                                .withLimit(LeanStore.PAGE)
                                .runnableInformer(0));
        return informers.map(informer -> start(kind, informer)).toList();
    }

    private SharedIndexInformer<GenericKubernetesResource> start(
            Kind kind, SharedIndexInformer<GenericKubernetesResource> informer) {
        informer.itemStore(NamesOnly.of(kind.group() + "/" + kind.version(), kind.name()));
        informer.addEventHandler(new Changes(kind.fullName()));
        informer.exceptionHandler((_, _) -> true);
        informer.start();
        return informer;
    }

    private final class Changes implements ResourceEventHandler<GenericKubernetesResource> {
        private final String kind;

        Changes(String kind) {
            this.kind = kind;
        }

        @Override
        public void onAdd(GenericKubernetesResource added) {
            tell(added);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            tell(now);
        }

        private void tell(GenericKubernetesResource now) {
            if (news.test(kind, now.getMetadata())) {
                changed.accept(kind, now.getMetadata());
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource last, boolean stateUnknown) {
            changed.accept(kind, last.getMetadata());
        }
    }

    @Override
    public void close() {
        followed.values().forEach(informers -> informers.forEach(SharedIndexInformer::close));
    }
}
