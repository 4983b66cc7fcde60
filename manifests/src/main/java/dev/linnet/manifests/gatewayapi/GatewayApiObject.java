package dev.linnet.manifests.gatewayapi;

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
 * An object of {@code gateway.networking.k8s.io}. The versions of a kind have one schema (spec §6.1), so the version does not count.
 *
 * @param ref        its kind is {@link #GATEWAY} for a Gateway, which Istio has as well
 * @param created    {@link Instant#MAX} if it is not in a cluster
 * @param generation of the spec; 0 if it is not in a cluster
 * @param release    what its annotation says of a joint release
 */
public record GatewayApiObject(
        ObjectRef ref, Instant created, long generation, Optional<String> release, JsonNode spec) {
    public static final String GROUP = "gateway.networking.k8s.io";

    /** As {@code kubectl} tells it from Istio's. */
    public static final String GATEWAY = "Gateway." + GROUP;

    public static final String GATEWAY_CLASS = "GatewayClass";
    public static final String HTTP_ROUTE = "HTTPRoute";
    public static final String REFERENCE_GRANT = "ReferenceGrant";

    /** Which of two goes first where all else is equal (spec §6.5.3). */
    static final Comparator<GatewayApiObject> OLDEST_FIRST = Comparator.comparing(GatewayApiObject::created)
            .thenComparing(
                    object -> object.ref().namespace() + "/" + object.ref().name());

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public static GatewayApiObject of(GenericKubernetesResource object) {
        ObjectMeta meta = object.getMetadata();
        String namespace = object.getKind().equals(GATEWAY_CLASS)
                ? ""
                : Optional.ofNullable(meta.getNamespace()).orElse("default");
        return new GatewayApiObject(
                new ObjectRef(kind(object.getKind()), namespace, meta.getName()),
                Optional.ofNullable(meta.getCreationTimestamp())
                        .map(Instant::parse)
                        .orElse(Instant.MAX),
                Optional.ofNullable(meta.getGeneration()).orElse(0L),
                ReleaseMark.of(object).name(),
                JSON.valueToTree(object.getAdditionalProperties().get("spec")));
    }

    /** GatewayClass {@code linnet}. */
    static GatewayApiObject usualClass() {
        return new GatewayApiObject(
                new ObjectRef(GATEWAY_CLASS, "", "linnet"),
                Instant.MAX,
                0,
                Optional.empty(),
                JSON.createObjectNode().put("controllerName", GatewayApi.CONTROLLER));
    }

    /** How a kind of this group is called in {@link ObjectRef}. */
    public static String kind(String written) {
        return written.equals("Gateway") ? GATEWAY : written;
    }

    /** What the object says of itself now; an object without fields if that is nothing. */
    public static JsonNode statusOf(GenericKubernetesResource object) {
        JsonNode status = JSON.valueToTree(object.getAdditionalProperties().get("status"));
        return status.isObject() ? status : JSON.createObjectNode();
    }

    public static List<GatewayApiObject> all(Collection<GenericKubernetesResource> objects) {
        return objects.stream().map(GatewayApiObject::of).toList();
    }

    boolean is(String kind) {
        return ref.kind().equals(kind);
    }
}
