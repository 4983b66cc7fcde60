package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;

/** What Flagger has written becomes ours: its fields in {@code managedFields}, before anything else is done. Nothing but that changes. */
final class Handover {
    private static final String FLAGGER = "flagger";
    private static final String OURS = "linnet";
    private static final JsonMapper JSON = new JsonMapper();

    private final World world;

    Handover(World world) {
        this.world = world;
    }

    void take() throws Changed {
        List<HasMetadata> objects = new ArrayList<>(world.workload().objects());
        world.scaler().ifPresent(scaler -> objects.addAll(scaler.objects()));
        objects.addAll(world.routes().objects());
        objects.add(world.canary());
        take(world.client(), objects);
    }

    static void take(KubernetesClient client, List<HasMetadata> objects) throws Changed {
        for (HasMetadata object : objects) {
            take(client, object);
        }
    }

    private static void take(KubernetesClient client, HasMetadata object) throws Changed {
        JsonNode fields = JSON.valueToTree(object.getMetadata().getManagedFields());
        ArrayNode moved = moved(fields);
        if (moved.equals(fields)) {
            return;
        }
        ArrayNode patch = JSON.createArrayNode();
        replace(patch, "/metadata/managedFields").set("value", moved);
        replace(patch, "/metadata/resourceVersion")
                .put("value", object.getMetadata().getResourceVersion());
        try {
            client.resource(object).patch(PatchContext.of(PatchType.JSON), patch.toString());
        } catch (KubernetesClientException e) {
            throw Writes.conflict(e, object);
        }
    }

    private static ObjectNode replace(ArrayNode patch, String path) {
        return patch.addObject().put("op", "replace").put("path", path);
    }

    static ArrayNode moved(JsonNode fields) {
        ArrayNode moved = JSON.createArrayNode();
        for (JsonNode entry : fields) {
            ObjectNode copy = entry.deepCopy();
            if (copy.path("manager").asText().equals(FLAGGER)) {
                copy.put("manager", OURS);
            }
            join(moved, copy);
        }
        return moved;
    }

    /** One owner has one entry: whoever came later owns what both own. */
    private static void join(ArrayNode moved, ObjectNode entry) {
        for (JsonNode other : moved) {
            if (owner(other).equals(owner(entry))) {
                merge((ObjectNode) other.path("fieldsV1"), entry.path("fieldsV1"));
                return;
            }
        }
        moved.add(entry);
    }

    private static List<String> owner(JsonNode entry) {
        return List.of(
                entry.path("manager").asText(),
                entry.path("operation").asText(),
                entry.path("apiVersion").asText(),
                entry.path("subresource").asText());
    }

    private static void merge(ObjectNode into, JsonNode more) {
        more.properties().forEach(field -> {
            if (into.path(field.getKey()).isObject()) {
                merge((ObjectNode) into.path(field.getKey()), field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }
}
