package dev.linnet.machine.garbage;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.ApiKind;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.garbage.Node.GroupKind;
import dev.linnet.machine.garbage.Verdict.OwnerState;
import dev.linnet.machine.garbage.World.Found;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what has lost its owners, in all three ways that Kubernetes knows: background (the owner goes first), foreground
 * (dependents go first) and orphan (dependents stay). An owner is the same only if its uid is.
 */
public final class GarbageCollector implements Part, World.Listener {
    private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);
    private static final String NAME = "garbage-collector";
    private static final int WORKERS = 4;
    private static final GroupKind CUSTOM_RESOURCES = new GroupKind("apiextensions.k8s.io", "CustomResourceDefinition");
    /** For kinds that come and go without a CustomResourceDefinition. */
    private static final Duration DISCOVER_EVERY = Duration.ofMinutes(5);
    /** A new CustomResourceDefinition is served a moment after it is stored. */
    private static final Duration DISCOVER_SOON = Duration.ofMillis(250);

    /** It watches most kinds and nobody waits for it, so it lets the others start first. */
    private static final Duration AFTER_THE_OTHERS = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final World world;
    /** Objects with an owner of a kind that was not served when they were judged. */
    private final Set<Node> ownersUnknown = ConcurrentHashMap.newKeySet();

    private final ReconcileLoop<Node> loop;
    /** Its only key is the discovery itself. */
    private final ReconcileLoop<String> discovery;

    /** Make it last: it shares the caches that were asked of the bench's informers until then. */
    public GarbageCollector(Workbench bench) {
        this.client = bench.client();
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(), this::reconcile);
        this.discovery = new ReconcileLoop<>(NAME + "-discovery", 1, List.of(), _ -> discover());
        this.world = new World(client, bench.informers(), this);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        discovery.touchAfter(NAME, AFTER_THE_OTHERS);
        discovery.start();
    }

    @Override
    public void close() {
        discovery.close();
        loop.close();
        world.close();
    }

    private Duration discover() throws InterruptedException {
        world.discover();
        // Nothing may be judged before the caches are full: an owner not yet listed is not an owner gone.
        loop.start();
        Set.copyOf(ownersUnknown).forEach(loop::touch);
        return DISCOVER_EVERY;
    }

    @Override
    public void changed(GroupKind kind, HasMetadata before, HasMetadata after) {
        if (kind.equals(CUSTOM_RESOURCES)) {
            discovery.touchAfter(NAME, DISCOVER_SOON);
        }
        boolean ending = Verdict.isEnding(after, Verdict.FOREGROUND) || Verdict.isEnding(after, Verdict.ORPHAN);
        boolean owned = !after.getMetadata().getOwnerReferences().isEmpty() && !Owners.isBeingDeleted(after);
        boolean disowned = !before.getMetadata()
                .getOwnerReferences()
                .equals(after.getMetadata().getOwnerReferences());
        if (ending || owned) {
            loop.touch(Node.of(kind, after));
        }
        if (disowned) {
            touchOwners(before);
        }
    }

    @Override
    public void removed(GroupKind kind, HasMetadata object) {
        if (kind.equals(CUSTOM_RESOURCES)) {
            discovery.touchAfter(NAME, DISCOVER_SOON);
        }
        world.dependents(object.getMetadata().getUid()).forEach(found -> loop.touch(found.node()));
        touchOwners(object);
    }

    /** Owners may wait for this object to go. */
    private void touchOwners(HasMetadata object) {
        for (OwnerReference owner : object.getMetadata().getOwnerReferences()) {
            ownerNode(object, owner).ifPresent(loop::touch);
        }
    }

    private Optional<Node> ownerNode(HasMetadata object, OwnerReference owner) {
        GroupKind groupKind = GroupKind.of(owner);
        return world.kind(groupKind).map(kind -> {
            String namespace = kind.namespaced() ? Key.of(object).namespace() : "";
            return new Node(groupKind, new Key(namespace, owner.getName()), owner.getUid());
        });
    }

    private Duration reconcile(Node node) {
        world.get(node).ifPresentOrElse(object -> act(node, object), () -> ownersUnknown.remove(node));
        return Reconciler.NOT_AGAIN;
    }

    private void act(Node node, HasMetadata object) {
        if (Verdict.isEnding(object, Verdict.ORPHAN)) {
            orphanDependents(node, object);
        } else if (Verdict.isEnding(object, Verdict.FOREGROUND)) {
            deleteDependentsFirst(node, object);
        } else if (!Owners.isBeingDeleted(object)) {
            judge(node, object);
        }
    }

    private void orphanDependents(Node node, HasMetadata owner) {
        for (Found dependent : world.dependents(node.uid())) {
            disown(dependent.node(), dependent.object(), Set.of(node.uid()));
        }
        removeFinalizer(node, owner, Verdict.ORPHAN);
    }

    private void deleteDependentsFirst(Node node, HasMetadata owner) {
        List<Found> dependents = world.dependents(node.uid());
        if (dependents.stream().noneMatch(each -> Verdict.blocks(each.object(), node.uid()))) {
            removeFinalizer(node, owner, Verdict.FOREGROUND);
        } else {
            dependents.stream()
                    .filter(each -> !Owners.isBeingDeleted(each.object()))
                    .forEach(each -> loop.touch(each.node()));
        }
    }

    private void judge(Node node, HasMetadata object) {
        boolean known = object.getMetadata().getOwnerReferences().stream()
                .allMatch(owner -> world.kind(GroupKind.of(owner)).isPresent());
        if (known) {
            ownersUnknown.remove(node);
        } else {
            ownersUnknown.add(node);
        }
        boolean hasDependents = !world.dependents(node.uid()).isEmpty();
        switch (Verdict.of(object, owner -> state(object, owner), hasDependents)) {
            case Verdict.Keep() -> {}
            case Verdict.Disown(Set<String> uids) -> disown(node, object, uids);
            case Verdict.Delete(String propagation) -> delete(node, object, propagation);
        }
    }

    /** An owner of a kind that is not served (any more) counts as there: to delete by mistake is the worse mistake. */
    private OwnerState state(HasMetadata object, OwnerReference owner) {
        Optional<Node> node = ownerNode(object, owner);
        if (node.isEmpty()) {
            return OwnerState.THERE;
        }
        Optional<HasMetadata> cached = world.get(node.get());
        if (cached.isPresent()) {
            return Verdict.isEnding(cached.get(), Verdict.FOREGROUND)
                    ? OwnerState.WAITS_FOR_DEPENDENTS
                    : OwnerState.THERE;
        }
        // The cache may be behind, so the API has the last word.
        return isServed(node.get()) ? OwnerState.THERE : OwnerState.GONE;
    }

    private boolean isServed(Node node) {
        ApiKind kind = world.kind(node.kind()).orElseThrow();
        var resource = client.genericKubernetesResources(kind.definition());
        HasMetadata live = kind.namespaced()
                ? resource.inNamespace(node.key().namespace())
                        .withName(node.key().name())
                        .get()
                : resource.withName(node.key().name()).get();
        return live != null && node.uid().equals(live.getMetadata().getUid());
    }

    private void delete(Node node, HasMetadata object, String propagation) {
        Optional<ApiKind> kind = world.kind(node.kind());
        if (kind.isEmpty()) {
            return;
        }
        DeleteOptions options = new DeleteOptionsBuilder()
                .withPropagationPolicy(propagation)
                .withNewPreconditions()
                .withUid(node.uid())
                .withResourceVersion(object.getMetadata().getResourceVersion())
                .endPreconditions()
                .build();
        try {
            client.raw(kind.get().path(node.key()), "DELETE", options);
            log.atDebug()
                    .addKeyValue("kind", node.kind().kind())
                    .addKeyValue("key", node.key())
                    .log("Collected, its owner is gone");
        } catch (KubernetesClientException failure) {
            ignoreIfGone(failure);
        }
    }

    private void disown(Node node, HasMetadata object, Set<String> uids) {
        List<OwnerReference> kept = object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> !uids.contains(owner.getUid()))
                .toList();
        patch(node, object, "ownerReferences", kept);
    }

    private void removeFinalizer(Node node, HasMetadata object, String finalizer) {
        List<String> kept = object.getMetadata().getFinalizers().stream()
                .filter(each -> !each.equals(finalizer))
                .toList();
        patch(node, object, "finalizers", kept);
    }

    private void patch(Node node, HasMetadata object, String field, List<?> value) {
        Optional<ApiKind> kind = world.kind(node.kind());
        if (kind.isEmpty()) {
            return;
        }
        String version = Objects.toString(object.getMetadata().getResourceVersion(), "");
        String body = client.getKubernetesSerialization()
                .asJson(Map.of("metadata", Map.of("resourceVersion", version, "uid", node.uid(), field, value)));
        var resource = client.genericKubernetesResources(kind.get().definition());
        PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
        try {
            if (kind.get().namespaced()) {
                resource.inNamespace(node.key().namespace())
                        .withName(node.key().name())
                        .patch(merge, body);
            } else {
                resource.withName(node.key().name()).patch(merge, body);
            }
        } catch (KubernetesClientException failure) {
            ignoreIfGone(failure);
        }
    }

    private static void ignoreIfGone(KubernetesClientException failure) {
        if (!ReconcileLoop.isNotFound(failure)) {
            throw failure;
        }
    }
}
