package dev.linnet.controller.mesh;

import dev.linnet.controller.api.LeanStore;
import dev.linnet.controller.api.NamesOnly;
import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.manifests.mesh.Twin;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all Services again whenever one of them, or a namespace, changes, and soon as long as something is under way. As long as nobody has
 * opted in, only that is followed: thousands of Services would be half of what a controller keeps in memory.
 */
public final class Mesh implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Mesh.class);
    private static final Duration SOON = Duration.ofMillis(250);
    private static final Duration MOST_GATHERING = Duration.ofSeconds(2);
    private static final Duration AT_REST = Duration.ofSeconds(5);

    /** Whoever does is news. */
    private static final Duration NOBODY_WANTS = Duration.ofMinutes(1);

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final MeshSettings settings;
    private final InstantSource clock;
    private final Complaints complaints;
    private final MeshCallers callers;
    private final Map<String, MeshNamespace> namespaces = new HashMap<>();
    private final Map<String, String> faults = new HashMap<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    public Mesh(KubernetesClient client, MeshSettings settings, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.clock = clock;
        this.complaints = new Complaints(client, clock);
        this.callers = new MeshCallers(client);
        this.thread = Thread.ofVirtual().name("linnet-mesh").unstarted(this::work);
    }

    /** Returns at once. Where several controllers run, only the leader may. */
    public void start() {
        thread.start();
    }

    private void work() {
        try {
            while (!Thread.interrupted()) {
                try {
                    follow();
                    awaitUse();
                } catch (RuntimeException e) {
                    log.atError()
                            .setCause(e)
                            .log("Services cannot be followed: none is led to gateways, or given back; trying again");
                    Thread.sleep(AT_REST);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    /** Returns once there is nothing to do for anybody. */
    private void follow() throws InterruptedException {
        try (SharedIndexInformer<Service> services = follow(client.services().inAnyNamespace());
                SharedIndexInformer<NetworkPolicy> policies =
                        follow(client.network().v1().networkPolicies().inAnyNamespace());
                SharedIndexInformer<Namespace> all = follow(client.namespaces());
                DestinationRules rules = new DestinationRules(client, telling(_ -> news.release()), clock)) {
            while (true) {
                long begin = System.nanoTime();
                Optional<Duration> rest = look(
                        services.getStore().list(),
                        policies.getStore().list(),
                        all.getStore().list(),
                        rules.byNamespace());
                if (rest.isEmpty()) {
                    return;
                }
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                boolean _ = news.tryAcquire(rest.get().toMillis(), TimeUnit.MILLISECONDS);
                Thread.sleep(gathering(took));
                news.drainPermits();
            }
        }
    }

    /** Returns once somebody has opted in; until then no more than names is kept. */
    private void awaitUse() throws InterruptedException {
        Semaphore used = new Semaphore(0);
        NamesOnly<Service> names =
                new NamesOnly<>(meta -> new ServiceBuilder().withMetadata(meta).build());
        try (SharedIndexInformer<Service> _ = follow(client.services().inAnyNamespace(), names, telling(service -> {
                    if (MeshNamespace.isInvolved(service)) {
                        used.release();
                    }
                }));
                SharedIndexInformer<Namespace> _ = follow(client.namespaces(), new LeanStore<>(), telling(namespace -> {
                    if (isOptedIn(namespace)) {
                        used.release();
                    }
                }))) {
            used.acquire();
        }
    }

    private static boolean isOptedIn(Namespace namespace) {
        return Takeover.said(namespace.getMetadata()).orElse(false);
    }

    private <T extends HasMetadata> SharedIndexInformer<T> follow(Informable<T> objects) {
        return follow(objects, new LeanStore<>(), telling(_ -> news.release()));
    }

    private static <T extends HasMetadata> SharedIndexInformer<T> follow(
            Informable<T> objects, ItemStore<T> store, ResourceEventHandler<T> handler) {
        SharedIndexInformer<T> informer = objects.withLimit(LeanStore.PAGE).runnableInformer(0);
        informer.itemStore(store);
        informer.addEventHandler(handler);
        informer.run();
        return informer;
    }

    /** Each look is at all Services: where there are so many that it takes a while, news are gathered, so that looking is a tenth of the time. */
    private static Duration gathering(Duration look) {
        Duration wanted = look.multipliedBy(9);
        return wanted.compareTo(MOST_GATHERING) < 0 ? wanted : MOST_GATHERING;
    }

    /** @return when to look again if there is no news; empty if nobody has opted in, and nothing is left of the time when somebody had */
    private Optional<Duration> look(
            List<Service> services,
            List<NetworkPolicy> policies,
            List<Namespace> all,
            Optional<Map<String, List<GenericKubernetesResource>>> rules) {
        Map<String, ObjectMeta> metas = all.stream()
                .map(Namespace::getMetadata)
                .collect(Collectors.toMap(ObjectMeta::getName, meta -> meta, (one, _) -> one));
        Map<String, List<Service>> byNamespace = services.stream()
                .collect(Collectors.groupingBy(service -> service.getMetadata().getNamespace()));
        Map<String, List<NetworkPolicy>> policiesByNamespace = policies.stream()
                .collect(Collectors.groupingBy(policy -> policy.getMetadata().getNamespace()));
        namespaces.keySet().retainAll(byNamespace.keySet());
        faults.keySet().retainAll(byNamespace.keySet());
        Set<String> meshed = byNamespace.entrySet().stream()
                .filter(each -> isMeshed(each.getValue(), Optional.ofNullable(metas.get(each.getKey()))))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        callers.admit(meshed);
        boolean busy = false;
        for (Map.Entry<String, List<Service>> each : byNamespace.entrySet()) {
            String namespace = each.getKey();
            Surroundings around = new Surroundings(
                    Optional.ofNullable(metas.get(namespace)),
                    policiesByNamespace.getOrDefault(namespace, List.of()),
                    rules.map(known -> known.getOrDefault(namespace, List.of())));
            busy |= settle(namespace, each.getValue(), around);
        }
        if (busy) {
            return Optional.of(SOON);
        }
        boolean unused = faults.isEmpty()
                && all.stream().noneMatch(Mesh::isOptedIn)
                && services.stream().noneMatch(MeshNamespace::isInvolved);
        return unused ? Optional.empty() : Optional.of(meshed.isEmpty() ? NOBODY_WANTS : AT_REST);
    }

    private static boolean isMeshed(List<Service> services, Optional<ObjectMeta> meta) {
        return services.stream().anyMatch(service -> !Twin.isOne(service) && Takeover.wants(service, meta));
    }

    private boolean settle(String namespace, List<Service> services, Surroundings around) {
        if (around.meta().map(ObjectMeta::getDeletionTimestamp).isPresent()) {
            return false;
        }
        MeshNamespace mesh = namespaces.computeIfAbsent(
                namespace, name -> new MeshNamespace(client, name, settings, complaints, clock));
        try {
            boolean busy = mesh.settle(services, around);
            faults.remove(namespace);
            return busy;
        } catch (KubernetesClientException e) {
            log.atWarn()
                    .addKeyValue("namespace", namespace)
                    .addKeyValue("cause", e.getMessage())
                    .log("Services could not be led to gateways, or given back; trying again");
            return true;
        } catch (RuntimeException e) { // It is ours, and no other namespace's: their Services go on.
            if (!e.toString().equals(faults.put(namespace, e.toString()))) {
                log.atError()
                        .addKeyValue("namespace", namespace)
                        .setCause(e)
                        .log("Services cannot be led to gateways, or given back: a fault of ours; trying again");
            }
            return false;
        }
    }

    private static <T extends HasMetadata> ResourceEventHandler<T> telling(Consumer<T> listener) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                listener.accept(object);
            }

            @Override
            public void onUpdate(T before, T after) {
                listener.accept(after);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                listener.accept(object);
            }
        };
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(CLOSE_DEADLINE)) {
                log.atWarn().addKeyValue("deadline", CLOSE_DEADLINE).log("Mesh does not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
