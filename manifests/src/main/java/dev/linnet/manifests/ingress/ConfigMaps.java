package dev.linnet.manifests.ingress;

import dev.linnet.routing.ObjectRef;
import java.util.Map;
import java.util.Optional;

/** The ConfigMaps that others name. */
@FunctionalInterface
public interface ConfigMaps {
    /** There are none. */
    ConfigMaps NONE = _ -> Optional.empty();

    /** What it holds; empty if it does not exist. */
    Optional<Map<String, String>> data(ObjectRef configMap);

    static ObjectRef ref(String namespace, String name) {
        return new ObjectRef("ConfigMap", namespace, name);
    }
}
