package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.CustomDefinitions;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Kinds that a program brings along: made where they are missing, brought up to what the program has where they are not. */
final class FirstDefinitions {
    private static final WriteOptions AS_SERVER = WriteOptions.ofServer("kube-apiserver");

    private final ObjectStore store;
    private final KindCatalog catalog;
    private final Creation creation;
    private final Changes changes;

    FirstDefinitions(ObjectStore store, KindCatalog catalog, Creation creation, Changes changes) {
        this.store = store;
        this.catalog = catalog;
        this.creation = creation;
        this.changes = changes;
    }

    /** All at the same time, so that they share one sync to disk. */
    void put(List<ObjectNode> definitions) {
        if (definitions.isEmpty()) {
            return;
        }
        ServedResource resource =
                catalog.current().preferred(CustomDefinitions.RESOURCE).orElseThrow();
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (ObjectNode definition : definitions) {
            Target target = new Target(resource, "", Meta.of(definition).name(), "");
            pending.add(CompletableFuture.runAsync(() -> put(target, definition), Thread::startVirtualThread));
        }
        pending.forEach(CompletableFuture::join);
    }

    private void put(Target target, ObjectNode wanted) {
        Optional<StoredObject> stored = store.get(target.key());
        if (stored.isEmpty()) {
            creation.create(target.named(""), wanted, AS_SERVER);
            return;
        }
        target.resource().kind().rules().normalise(wanted);
        target.resource().kind().rules().applyDefaults(wanted);
        if (!has(stored.get().tree(), wanted)) {
            changes.change(target, AS_SERVER, live -> broughtUp(live, wanted));
        }
    }

    private static boolean has(ObjectNode live, ObjectNode wanted) {
        return Json.same(live.path("spec"), wanted.path("spec"))
                && Json.same(broughtUp(live.deepCopy(), wanted).path("metadata"), live.path("metadata"));
    }

    /** What others have added to its labels and annotations stays. */
    private static ObjectNode broughtUp(ObjectNode live, ObjectNode wanted) {
        live.set("spec", wanted.get("spec"));
        for (String field : List.of("labels", "annotations")) {
            JsonNode more = wanted.path("metadata").path(field);
            if (more instanceof ObjectNode entries) {
                Json.child(Meta.of(live).node(), field).setAll(entries);
            }
        }
        return live;
    }
}
