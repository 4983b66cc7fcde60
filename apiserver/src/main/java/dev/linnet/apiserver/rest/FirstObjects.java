package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.List;

/** The objects that every cluster has from its beginning. */
final class FirstObjects {
    private static final List<String> NAMESPACES = List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final WriteOptions AS_SERVER =
            new WriteOptions(false, WriteOptions.FieldValidation.IGNORE, "kube-apiserver", false);

    private final KindCatalog catalog;
    private final ObjectStore store;
    private final Creation creation;

    FirstObjects(KindCatalog catalog, ObjectStore store, Creation creation) {
        this.catalog = catalog;
        this.store = store;
        this.creation = creation;
    }

    void namespaces() {
        for (String name : NAMESPACES) {
            if (store.get(new ObjectKey(Namespaces.RESOURCE, "", name)).isEmpty()) {
                ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
                namespace.putObject("metadata").put("name", name);
                create("", namespace);
            }
        }
    }

    private void create(String namespace, ObjectNode object) {
        catalog.current()
                .preferred(Namespaces.RESOURCE)
                .ifPresent(resource -> creation.create(new Target(resource, namespace, "", ""), object, AS_SERVER));
    }
}
