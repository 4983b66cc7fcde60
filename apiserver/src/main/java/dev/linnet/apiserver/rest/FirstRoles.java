package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The ClusterRoles and bindings that every cluster has. What a later release adds to them, or somebody took away, is added at the next start,
 * unless the annotation says no; see
 * <a href="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation">Kubernetes' RBAC</a>.
 */
final class FirstRoles {
    private static final String RESOURCE = "first-roles.json";
    private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";
    private static final WriteOptions AS_SERVER = WriteOptions.ofServer("kube-apiserver");

    private final ObjectStore store;
    private final KindCatalog catalog;
    private final Creation creation;
    private final Changes changes;

    FirstRoles(ObjectStore store, KindCatalog catalog, Creation creation, Changes changes) {
        this.store = store;
        this.catalog = catalog;
        this.creation = creation;
        this.changes = changes;
    }

    /** All at the same time, so that they share one sync to disk. */
    void put() {
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (JsonNode wanted : read().path("items")) {
            pending.add(CompletableFuture.runAsync(() -> put((ObjectNode) wanted), Thread::startVirtualThread));
        }
        pending.forEach(CompletableFuture::join);
    }

    private static JsonNode read() {
        try (InputStream in = FirstRoles.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from this program");
            }
            return Json.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    private void put(ObjectNode wanted) {
        String plural = wanted.path("kind").asText().equals("ClusterRole") ? "clusterroles" : "clusterrolebindings";
        ServedResource resource = catalog.current()
                .preferred(plural + ".rbac.authorization.k8s.io")
                .orElseThrow();
        Target target = new Target(resource, "", Meta.of(wanted).name(), "");
        Optional<StoredObject> stored = store.get(target.key());
        if (stored.isEmpty()) {
            creation.create(target.named(""), wanted, AS_SERVER);
        } else if (isToUpdate(stored.get().tree())) {
            changes.change(target, AS_SERVER, live -> completed(live, wanted));
        }
    }

    private static boolean isToUpdate(ObjectNode live) {
        return !Meta.of(live).annotation(AUTO_UPDATE).orElse("false").equals("false");
    }

    private static ObjectNode completed(ObjectNode live, ObjectNode wanted) {
        for (String field : List.of("rules", "subjects")) {
            for (JsonNode entry : wanted.path(field)) {
                addOnce(Json.list(live, field), entry);
            }
        }
        return live;
    }

    private static void addOnce(ArrayNode array, JsonNode entry) {
        for (JsonNode present : array) {
            if (Json.same(present, entry)) {
                return;
            }
        }
        array.add(entry);
    }
}
