package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.LeanStore;
import dev.linnet.controller.api.NamesOnly;
import dev.linnet.controller.route.Routes;
import dev.linnet.manifests.flagger.CanaryPlan;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.PrimaryToSecondaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/** Wakes Canaries when an object that concerns them has changed. Which ones do, each turn says. */
final class Watches implements AutoCloseable {
    /** Turns read what they need: without this, an index would be kept of which objects belong to a Canary. */
    private static final PrimaryToSecondaryMapper<Canary> NOBODY_ASKS = _ -> Set.of();

    private final Interest interest = new Interest();
    private final BiPredicate<ResourceID, ObjectMeta> news;
    private final Consumer<ResourceID> wake;
    private Optional<RouteWatches> routes = Optional.empty();

    /** @param news whether what an object has become is new to a Canary that it concerns */
    Watches(BiPredicate<ResourceID, ObjectMeta> news, Consumer<ResourceID> wake) {
        this.news = news;
        this.wake = wake;
    }

    /** Of the kinds that each cluster has; the others are followed once a Canary routes by them. */
    List<EventSource<?, Canary>> sources(EventSourceContext<Canary> context) {
        Set<String> namespaces = context.getControllerConfiguration().getEffectiveNamespaces();
        routes = Optional.of(new RouteWatches(
                context.getClient(),
                InformerConfiguration.allNamespacesWatched(namespaces) ? Set.of() : namespaces,
                this::isNews,
                (kind, meta) -> interest.of(kind, meta).forEach(wake)));
        return List.of(
                watch(
                        Deployment.class,
                        meta -> new DeploymentBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        DaemonSet.class,
                        meta -> new DaemonSetBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        Service.class,
                        meta -> new ServiceBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        Ingress.class,
                        meta -> new IngressBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        ConfigMap.class,
                        meta -> new ConfigMapBuilder().withMetadata(meta).build(),
                        context),
                secrets(context));
    }

    /** Of Secrets the API tells only names, if the client asks for that; what comes is of no class of its own then. */
    private EventSource<GenericKubernetesResource, Canary> secrets(EventSourceContext<Canary> context) {
        return watch(
                "Secret",
                InformerEventSourceConfiguration.from(new GroupVersionKind("v1", "Secret"), Canary.class)
                        .withName("secrets"),
                NamesOnly.of("v1", "Secret"),
                context);
    }

    private <R extends HasMetadata> EventSource<R, Canary> watch(
            Class<R> kind, Function<ObjectMeta, R> shell, EventSourceContext<Canary> context) {
        return watch(
                kind.getSimpleName(),
                InformerEventSourceConfiguration.from(kind, Canary.class),
                new NamesOnly<>(shell),
                context);
    }

    /** What is told is only that something has changed: nothing of the object is kept. */
    private <R extends HasMetadata> EventSource<R, Canary> watch(
            String kind,
            InformerEventSourceConfiguration.Builder<R> objects,
            NamesOnly<R> names,
            EventSourceContext<Canary> context) {
        return new InformerEventSource<>(
                objects.withInformerListLimit(LeanStore.PAGE)
                        .withItemStore(names)
                        .withOnAddFilter(made -> isNews(kind, made.getMetadata()))
                        .withOnUpdateFilter((now, _) -> isNews(kind, now.getMetadata()))
                        .withPrimaryToSecondaryMapper(NOBODY_ASKS)
                        .withSecondaryToPrimaryMapper(object -> interest.of(kind, object.getMetadata()))
                        .build(),
                context);
    }

    private boolean isNews(String kind, ObjectMeta now) {
        return interest.of(kind, now).stream().anyMatch(canary -> news.test(canary, now));
    }

    /** What a Canary names concerns it from now on. To be called before any of it is read. */
    void follow(ResourceID canary, CanaryPlan plan, List<Routes.Followed> followed) {
        interest.in(canary, plan, followed);
        routes.ifPresent(kinds -> followed.forEach(route -> kinds.follow(route.kind())));
    }

    /** What its target reads besides; the Canary is woken if that may have changed since it was read. */
    void follow(ResourceID canary, List<String> configs) {
        if (interest.in(canary, canary.getNamespace().orElse(""), configs)) {
            wake.accept(canary);
        }
    }

    void forget(ResourceID canary) {
        interest.forget(canary);
    }

    @Override
    public void close() {
        routes.ifPresent(RouteWatches::close);
    }
}
