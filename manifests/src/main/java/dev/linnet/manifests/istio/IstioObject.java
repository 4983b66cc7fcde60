package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An object of {@code networking.istio.io}. All versions of a kind have one schema (spec §1.1), so the version does not count.
 *
 * @param created {@link Instant#MAX} if it is not in a cluster
 * @param release what its annotation says of a joint release
 */
public record IstioObject(ObjectRef ref, Instant created, Optional<String> release, JsonNode spec) {
    public static final String GROUP = "networking.istio.io";

    /** In the order in which Istio looks at them (spec §1.6). */
    static final Comparator<IstioObject> OLDEST_FIRST = Comparator.comparing(IstioObject::created)
            .thenComparing(object -> object.ref().name())
            .thenComparing(object -> object.ref().namespace());

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public static IstioObject of(GenericKubernetesResource object) {
        ObjectMeta meta = object.getMetadata();
        return new IstioObject(
                new ObjectRef(
                        object.getKind(),
                        Optional.ofNullable(meta.getNamespace()).orElse("default"),
                        meta.getName()),
                Optional.ofNullable(meta.getCreationTimestamp())
                        .map(Instant::parse)
                        .orElse(Instant.MAX),
                ReleaseMark.of(object).name(),
                JSON.valueToTree(object.getAdditionalProperties().get("spec")));
    }

    public static List<IstioObject> all(Collection<GenericKubernetesResource> objects) {
        return objects.stream().map(IstioObject::of).toList();
    }
}
