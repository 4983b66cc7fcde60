package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.List;
import java.util.Set;

/** Namespaces begin with a finalizer, end slowly, and take nothing new while they end. */
public final class Namespaces {
    public static final String RESOURCE = "namespaces";
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final ObjectStore store;

    public Namespaces(ObjectStore store) {
        this.store = store;
    }

    static void begin(ObjectNode namespace) {
        Meta meta = Meta.of(namespace);
        Json.child(meta.node(), "labels").put("kubernetes.io/metadata.name", meta.name());
        ObjectNode spec = Json.child(namespace, "spec");
        if (spec.path("finalizers").isEmpty()) {
            spec.putArray("finalizers").add("kubernetes");
        }
        Json.child(namespace, "status").put("phase", "Active");
    }

    /** Refuses objects in a namespace that is missing, 404, or ending, 403. */
    public void requireOpen(String namespace, ApiFailure.Subject subject) {
        StoredObject found = store.get(new ObjectKey(RESOURCE, "", namespace))
                .orElseThrow(() -> ApiFailure.notFound(new ApiFailure.Subject("", RESOURCE, namespace)));
        if (Meta.of(found.tree()).terminating()) {
            throw ApiFailure.forbidden(
                    subject,
                    "unable to create new content in namespace " + namespace + " because it is being terminated",
                    List.of(new ApiFailure.Cause(
                            "NamespaceTerminating",
                            "namespace " + namespace + " is being terminated",
                            "metadata.namespace")));
        }
    }

    public static void requireMortal(ApiFailure.Subject namespace) {
        if (IMMORTAL.contains(namespace.name())) {
            throw ApiFailure.forbidden(namespace, "this namespace may not be deleted");
        }
    }
}
