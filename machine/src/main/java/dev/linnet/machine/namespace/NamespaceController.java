package dev.linnet.machine.namespace;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.ApiKind;
import dev.linnet.machine.control.ApiKinds;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends namespaces: deletes all that is in one, and only then lets it go. */
public final class NamespaceController implements Part {
    private static final Logger log = LoggerFactory.getLogger(NamespaceController.class);
    private static final String NAME = "namespace-controller";
    private static final String FINALIZER = "kubernetes";
    private static final int WORKERS = 2;
    /** Content ends at its own pace, Pods with a grace period, and no one kind tells when the last is gone. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Watched<Namespace> namespaces;
    private final ReconcileLoop<Key> loop;

    public NamespaceController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.namespaces = bench.informers().of(Namespace.class);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(namespaces), this::reconcile);
        namespaces.onChange(namespace -> loop.touch(Key.of(namespace)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration reconcile(Key key) {
        Optional<Namespace> found = namespaces.get(key);
        if (found.filter(Owners::isBeingDeleted)
                .filter(NamespaceController::isHeld)
                .isEmpty()) {
            return Reconciler.NOT_AGAIN;
        }
        // Asked each time: a kind may have come since, and what it left behind could never be deleted later.
        List<ApiKind> kinds = ApiKinds.discover(client).stream()
                .filter(kind -> kind.namespaced()
                        && kind.verbs().contains("list")
                        && kind.verbs().contains("delete"))
                .toList();
        Leftovers leftovers = new Leftovers();
        // Pods first: what they still do on their way out may need the rest.
        kinds.stream().filter(NamespaceController::isPod).forEach(kind -> empty(kind, key.name(), leftovers));
        if (leftovers.isEmpty()) {
            kinds.stream().filter(kind -> !isPod(kind)).forEach(kind -> empty(kind, key.name(), leftovers));
        }
        if (leftovers.isEmpty()) {
            release(found.get());
            return Reconciler.NOT_AGAIN;
        }
        tell(found.get(), leftovers);
        return LOOK_AGAIN;
    }

    private static boolean isHeld(Namespace namespace) {
        return namespace.getSpec() != null
                && namespace.getSpec().getFinalizers().contains(FINALIZER);
    }

    private static boolean isPod(ApiKind kind) {
        return kind.group().isEmpty() && kind.kind().equals("Pod");
    }

    private void empty(ApiKind kind, String namespace, Leftovers leftovers) {
        var collection = client.genericKubernetesResources(kind.definition()).inNamespace(namespace);
        boolean deleted = false;
        for (GenericKubernetesResource object : list(kind, namespace)) {
            if (!Owners.isBeingDeleted(object)) {
                collection
                        .withName(object.getMetadata().getName())
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete();
                deleted = true;
            } else {
                leftovers.add(kind, object);
            }
        }
        if (deleted) {
            list(kind, namespace).forEach(object -> leftovers.add(kind, object));
        }
    }

    /** A kind that was served a moment ago and is not any more has nothing left. */
    private List<GenericKubernetesResource> list(ApiKind kind, String namespace) {
        try {
            return client.genericKubernetesResources(kind.definition())
                    .inNamespace(namespace)
                    .list()
                    .getItems();
        } catch (KubernetesClientException failure) {
            if (ReconcileLoop.isNotFound(failure)) {
                return List.of();
            }
            throw failure;
        }
    }

    private void release(Namespace namespace) {
        Namespace freed = new NamespaceBuilder(namespace)
                .editSpec()
                .removeFromFinalizers(FINALIZER)
                .endSpec()
                .build();
        client.raw("/api/v1/namespaces/" + namespace.getMetadata().getName() + "/finalize", "PUT", freed);
        log.atInfo().addKeyValue("namespace", namespace.getMetadata().getName()).log("Namespace ended");
    }

    /** Says on the namespace what holds it up, for those who wonder why it does not go. */
    private void tell(Namespace namespace, Leftovers leftovers) {
        List<NamespaceCondition> before = namespace.getStatus() == null
                ? List.of()
                : namespace.getStatus().getConditions();
        List<NamespaceCondition> after = leftovers.conditions(before, clock.instant());
        if (!after.equals(before)) {
            client.resource(new NamespaceBuilder(namespace)
                            .editOrNewStatus()
                            .withConditions(after)
                            .endStatus()
                            .build())
                    .updateStatus();
        }
    }
}
