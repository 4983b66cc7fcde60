package dev.linnet.manifests.ingress;

import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What counts for Ingresses beside themselves.
 *
 * @param options    what holds where an Ingress says nothing
 * @param configMaps where those are found that an Ingress names
 */
public record Surroundings(GlobalOptions options, ConfigMaps configMaps) {
    public static final Surroundings NONE = new Surroundings(GlobalOptions.DEFAULT, ConfigMaps.NONE);

    /** What the charts and manifests of ingress-nginx call its ConfigMap. */
    private static final Set<String> USUAL_NAMES =
            Set.of("ingress-nginx-controller", "nginx-ingress-controller", "nginx-configuration");

    /** All that is there. The options are those of the one ConfigMap with a usual name; of several nobody knows which counts. */
    public static Surroundings of(Collection<ConfigMap> found) {
        Map<ObjectRef, Map<String, String>> data = new HashMap<>();
        found.forEach(
                map -> data.put(ref(map), Optional.ofNullable(map.getData()).orElseGet(Map::of)));
        ConfigMaps all = ref -> Optional.ofNullable(data.get(ref));
        List<ObjectRef> holders =
                data.keySet().stream().filter(Surroundings::holdsOptions).toList();
        GlobalOptions options = holders.size() == 1
                ? all.data(holders.getFirst())
                        .map(keys -> GlobalOptionsReader.read(holders.getFirst(), keys, all)
                                .options())
                        .orElse(GlobalOptions.DEFAULT)
                : GlobalOptions.DEFAULT;
        return new Surroundings(options, all);
    }

    public static ObjectRef ref(ConfigMap map) {
        return ConfigMaps.ref(
                Optional.ofNullable(map.getMetadata().getNamespace()).orElse("default"),
                map.getMetadata().getName());
    }

    /** Whether a ConfigMap is, by its name, the one of a controller. */
    public static boolean holdsOptions(ObjectRef configMap) {
        return USUAL_NAMES.contains(configMap.name());
    }
}
