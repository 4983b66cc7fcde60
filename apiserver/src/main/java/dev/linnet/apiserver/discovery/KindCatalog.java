package dev.linnet.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is served now: the built-in kinds and those that stored CustomResourceDefinitions declare. Looks at the definitions
 * again when one of them changed, so whoever sees a definition stored is served its kind.
 */
public final class KindCatalog {
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    private final ObjectStore store;
    private final List<ResourceKind> builtIn;
    private final Function<ObjectNode, List<ResourceKind>> customKinds;
    private volatile Known known = new Known(-1, List.of(), new ServedKinds(List.of(), List.of()));

    /**
     * @param version     of the last change of any definition
     * @param definitions all of them, parsed
     */
    private record Known(long version, List<ObjectNode> definitions, ServedKinds kinds) {}

    /** @param customKinds reads a CustomResourceDefinition */
    public KindCatalog(
            ObjectStore store, List<ResourceKind> builtIn, Function<ObjectNode, List<ResourceKind>> customKinds) {
        this.store = store;
        this.builtIn = builtIn;
        this.customKinds = customKinds;
    }

    public ServedKinds current() {
        return known().kinds();
    }

    private Known known() {
        Known before = known;
        long version = store.lastChange(DEFINITIONS);
        if (before.version() == version) {
            return before;
        }
        List<ObjectNode> definitions = store.list(DEFINITIONS, "").objects().stream()
                .map(StoredObject::tree)
                .toList();
        List<ResourceKind> custom = new ArrayList<>();
        definitions.forEach(definition -> custom.addAll(customKinds.apply(definition)));
        // Read before the list: at worst the same definitions are looked at once more.
        Known after = new Known(version, definitions, new ServedKinds(builtIn, custom));
        known = after;
        return after;
    }
}
