package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.Comparator;

/** Writes the class that is marked default into Ingresses that name none. */
final class DefaultIngressClass {
    private static final String CLASSES = "ingressclasses.networking.k8s.io";
    private static final String MARK = "ingressclass.kubernetes.io/is-default-class";
    private static final String LEGACY_CLASS = "kubernetes.io/ingress.class";

    private final ObjectStore store;

    DefaultIngressClass(ObjectStore store) {
        this.store = store;
    }

    void fill(ObjectNode ingress) {
        if (ingress.path("spec").hasNonNull("ingressClassName")
                || Meta.of(ingress).annotation(LEGACY_CLASS).isPresent()) {
            return;
        }
        // Of several defaults the newest wins, then the first by name, as in a real API server.
        store.list(CLASSES, "").objects().stream()
                .map(stored -> Meta.of(stored.tree()))
                .filter(meta -> meta.annotation(MARK).orElse("").equals("true"))
                .min(Comparator.comparing((Meta meta) -> meta.text("creationTimestamp"))
                        .reversed()
                        .thenComparing(Meta::name))
                .ifPresent(meta -> Json.child(ingress, "spec").put("ingressClassName", meta.name()));
    }
}
