package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.LabelSelectors;
import dev.linnet.apiserver.kinds.ResourceKind.ScalePaths;
import dev.linnet.apiserver.patch.Patches;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The subresource scale: the number of replicas of anything that has one, as an autoscaling/v1 Scale. */
final class Scales {
    private final ObjectStore store;
    private final Bodies bodies;
    private final Changes changes;
    private final Patching patching;

    Scales(Workshop workshop, Changes changes, Patching patching) {
        this.store = workshop.store();
        this.bodies = workshop.bodies();
        this.changes = changes;
        this.patching = patching;
    }

    Reply get(Target target, ScalePaths paths) {
        ObjectNode live = store.get(target.key()).orElseThrow(target::notFound).tree();
        return Reply.json(200, scale(live, paths));
    }

    Reply update(Call call, Target target, ScalePaths paths) {
        ObjectNode body = bodies.object(call);
        return change(call, target, paths, _ -> body);
    }

    Reply patch(Call call, Target target, ScalePaths paths) {
        return switch (call.mediaType()) {
            case Patching.STRATEGIC_PATCH -> {
                ObjectNode fields = Bodies.asObject(bodies.json(call));
                yield change(call, target, paths, scale -> Patches.merge(scale, fields));
            }
            case Patching.APPLY_PATCH -> apply(call, target, paths);
            default -> change(call, target, paths, patching.patch(call, target.resource()));
        };
    }

    /** Who applies a Scale owns the number of replicas where it really is: in the object that is scaled. */
    private Reply apply(Call call, Target target, ScalePaths paths) {
        Patching.requireManager(call);
        ObjectNode configuration = configuration(bodies.applied(call), target, paths);
        try (Write write = new Write(WriteOptions.of(call))) {
            ObjectNode after = store.change(
                            target.key(),
                            stored -> patching.applyTo(
                                    stored.orElseThrow(target::notFound), target, configuration, write))
                    .object();
            return Reply.json(200, scale(after, paths));
        }
    }

    private static ObjectNode configuration(ObjectNode scale, Target target, ScalePaths paths) {
        ObjectNode configuration = Json.object()
                .put("apiVersion", target.resource().kind().groupVersion())
                .put("kind", target.resource().kind().kind());
        configuration.set(
                "metadata", Meta.of(scale).node().deepCopy().retain("name", "namespace", "uid", "resourceVersion"));
        JsonNode replicas = scale.path("spec").path("replicas");
        requireCount(target, replicas);
        if (replicas.isNumber()) {
            put(configuration, paths.specReplicas(), replicas.asInt());
        }
        return configuration;
    }

    private Reply change(Call call, Target target, ScalePaths paths, UnaryOperator<ObjectNode> change) {
        ObjectNode after = changes.change(target, WriteOptions.of(call), live -> {
            ObjectNode scale = change.apply(scale(live, paths));
            Changes.requireCurrent(target, live, scale);
            JsonNode replicas = scale.path("spec").path("replicas");
            requireCount(target, replicas);
            put(live, paths.specReplicas(), replicas.asInt(0));
            return live;
        });
        return Reply.json(200, scale(after, paths));
    }

    private static void requireCount(Target target, JsonNode replicas) {
        if (replicas.asLong(0) < 0) {
            FieldError error =
                    FieldError.invalid("spec.replicas", replicas.asLong(), "must be greater than or equal to 0");
            throw ApiFailure.invalid(new ApiFailure.Subject("autoscaling", "Scale", target.name()), List.of(error));
        }
    }

    private static ObjectNode scale(ObjectNode live, ScalePaths paths) {
        Meta meta = Meta.of(live);
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata").put("name", meta.name());
        if (!meta.namespace().isEmpty()) {
            metadata.put("namespace", meta.namespace());
        }
        metadata.put("uid", meta.uid())
                .put("resourceVersion", meta.resourceVersion())
                .put("creationTimestamp", meta.text("creationTimestamp"));
        scale.putObject("spec").put("replicas", at(live, paths.specReplicas()).asInt(0));
        ObjectNode status = scale.putObject("status");
        status.put("replicas", at(live, paths.statusReplicas()).asInt(0));
        selector(live, paths).ifPresent(text -> status.put("selector", text));
        return scale;
    }

    /** Built-in kinds have a selector object, custom ones its text. */
    private static Optional<String> selector(ObjectNode live, ScalePaths paths) {
        if (paths.statusSelector().isEmpty()) {
            return Optional.empty();
        }
        JsonNode selector = at(live, paths.statusSelector());
        return Optional.of(selector.isObject() ? LabelSelectors.text(selector) : selector.asText(""));
    }

    private static JsonNode at(ObjectNode object, String dotted) {
        return object.at("/" + dotted.replace('.', '/'));
    }

    private static void put(ObjectNode object, String dotted, int value) {
        ObjectNode parent = object;
        String rest = dotted;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            parent = Json.child(parent, rest.substring(0, dot));
            rest = rest.substring(dot + 1);
        }
        parent.put(rest, value);
    }
}
