package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.CustomDefinitions;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the objects of a CustomResourceDefinition that is being deleted, and then lets the definition go. */
final class DefinitionCleanup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DefinitionCleanup.class);
    /** Objects may be held by finalizers; nothing tells us when one goes, so we look again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final KindCatalog catalog;
    private final Deletion deletion;
    private final Follower follower;

    DefinitionCleanup(ObjectStore store, KindCatalog catalog, Deletion deletion) {
        this.store = store;
        this.catalog = catalog;
        this.deletion = deletion;
        this.follower = new Follower(store, CustomDefinitions.RESOURCE, this::cleanUp);
    }

    void start() {
        follower.start();
    }

    private Duration cleanUp() {
        boolean pending = false;
        for (StoredObject stored : store.list(CustomDefinitions.RESOURCE, "").objects()) {
            ObjectNode definition = stored.tree();
            Meta meta = Meta.of(definition);
            if (meta.terminating() && meta.finalizers().contains(CustomDefinitions.CLEANUP)) {
                pending |= !finished(definition, stored.key());
            }
        }
        return pending ? LOOK_AGAIN : Follower.NOTHING_TO_DO;
    }

    private boolean finished(ObjectNode definition, ObjectKey key) {
        JsonNode spec = definition.path("spec");
        String resource = spec.path("names").path("plural").asText() + "."
                + spec.path("group").asText();
        catalog.current().preferred(resource).ifPresent(this::deleteAll);
        if (!store.list(resource, "").objects().isEmpty()) {
            return false;
        }
        store.change(
                key,
                live -> live.map(StoredObject::tree)
                        .map(DefinitionCleanup::released)
                        .orElseThrow());
        log.atInfo().addKeyValue("definition", key.name()).log("Definition deleted with its objects");
        return true;
    }

    private void deleteAll(ServedResource resource) {
        DeleteOptions options = new DeleteOptions(DeleteOptions.Propagation.UNSAID, -1, "", "", false);
        List<StoredObject> objects =
                store.list(resource.kind().qualifiedPlural(), "").objects();
        for (StoredObject object : objects) {
            try {
                deletion.delete(
                        new Target(
                                resource, object.key().namespace(), object.key().name(), ""),
                        options);
            } catch (ApiFailure e) {
                log.atDebug().addKeyValue("object", object.key()).setCause(e).log("Already gone");
            }
        }
    }

    private static Decision released(ObjectNode definition) {
        Meta meta = Meta.of(definition);
        List<String> finalizers = meta.finalizers();
        finalizers.remove(CustomDefinitions.CLEANUP);
        meta.setFinalizers(finalizers);
        return Deletion.nothingHolds(definition) ? new Decision.Remove(definition) : new Decision.Put(definition);
    }

    @Override
    public void close() {
        follower.close();
    }
}
