package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.patch.Patches;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** The verb patch, in its four types. */
final class Patching {
    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    static final String APPLY_PATCH = "application/apply-patch+yaml";

    private final ObjectStore store;
    private final KindCatalog catalog;
    private final Bodies bodies;
    private final Intake intake;
    private final Preparation preparation;
    private final Ownership ownership;
    private final Namespaces namespaces;
    private final Views views;
    private final Authorizer authorizer;
    private final Changes changes;

    Patching(Workshop workshop, Changes changes) {
        this.store = workshop.store();
        this.catalog = workshop.catalog();
        this.bodies = workshop.bodies();
        this.intake = workshop.intake();
        this.preparation = workshop.preparation();
        this.ownership = workshop.ownership();
        this.namespaces = workshop.namespaces();
        this.views = workshop.views();
        this.authorizer = workshop.authorizer();
        this.changes = changes;
    }

    Reply patch(Call call, Target target) {
        return call.mediaType().equals(APPLY_PATCH) ? apply(call, target) : change(call, target);
    }

    private Reply change(Call call, Target target) {
        WriteOptions options = WriteOptions.of(call);
        ServedResource resource = target.resource();
        UnaryOperator<ObjectNode> patch = patch(call, resource);
        List<String> warnings = new ArrayList<>();
        ObjectNode after = changes.change(target, options, live -> {
            ObjectNode patched = patch.apply(resource.converter().toServed(live));
            Intake.Received received = intake.patched(call, resource, patched, options.validation());
            warnings.addAll(received.warnings());
            return received.object();
        });
        return views.single(200, call, resource, after).warning(warnings);
    }

    /** The patch that a call carries, as what it does to an object in the version of the path. */
    UnaryOperator<ObjectNode> patch(Call call, ServedResource resource) {
        Optional<Schema> schema = resource.custom() ? Optional.empty() : catalog.schema(resource);
        JsonNode body = switch (call.mediaType()) {
            case JSON_PATCH, MERGE_PATCH -> bodies.json(call);
            case STRATEGIC_PATCH -> schema.isPresent() ? bodies.json(call) : refused(resource);
            default -> refused(resource);
        };
        if (call.mediaType().equals(JSON_PATCH)) {
            ArrayNode operations = asArray(body);
            return live -> Patches.json(live, operations);
        }
        ObjectNode fields = Bodies.asObject(body);
        MisplacedAnnotations.mend(fields);
        return call.mediaType().equals(MERGE_PATCH) || schema.isEmpty()
                ? live -> Patches.merge(live, fields)
                : live -> Patches.strategic(live, fields, schema.get());
    }

    private static JsonNode refused(ServedResource resource) {
        String strategic = resource.custom() ? "" : ", " + STRATEGIC_PATCH;
        throw ApiFailure.unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: " + JSON_PATCH + ", "
                        + MERGE_PATCH + strategic + ", " + APPLY_PATCH);
    }

    private static ArrayNode asArray(JsonNode body) {
        if (body instanceof ArrayNode array) {
            return array;
        }
        throw ApiFailure.badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    }

    private Reply apply(Call call, Target target) {
        WriteOptions options = WriteOptions.of(call);
        requireManager(call);
        ObjectNode configuration = configuration(call, target);
        AtomicBoolean created = new AtomicBoolean();
        if (store.get(target.key()).isEmpty()) {
            requireCreatable(target, options);
            preparation.awaitNeeded(target, configuration);
        }
        try (Write write = new Write(options)) {
            Decision decision = store.change(target.key(), stored -> {
                created.set(stored.isEmpty());
                return stored.isPresent()
                        ? applyTo(stored.get(), target, configuration, write)
                        : applyNew(target, configuration, write);
            });
            return views.single(created.get() ? 201 : 200, call, target.resource(), decision.object());
        }
    }

    static void requireManager(Call call) {
        if (call.query().text("fieldManager").isEmpty()) {
            throw ApiFailure.invalid(
                    new ApiFailure.Subject("meta.k8s.io", "PatchOptions", ""),
                    List.of(FieldError.required("fieldManager", "is required for apply patch")));
        }
    }

    private ObjectNode configuration(Call call, Target target) {
        ObjectNode body = bodies.applied(call);
        intake.requireKind(target.resource(), body);
        MisplacedAnnotations.mend(body);
        // A null in a configuration says nothing, but in a custom resource it may be a value.
        Json.dropNulls(target.resource().custom() ? body.path("metadata") : body);
        ObjectNode configuration = target.resource().converter().toStored(body);
        if (target.subresource().isEmpty() && target.resource().kind().statusSubresource()) {
            configuration.remove("status");
        }
        Meta meta = Meta.of(configuration);
        if (meta.name().isEmpty()) {
            meta.node().put("name", target.name());
        }
        if (!target.namespace().isEmpty() && meta.namespace().isEmpty()) {
            meta.node().put("namespace", target.namespace());
        }
        return configuration;
    }

    Decision applyTo(StoredObject stored, Target target, ObjectNode configuration, Write write) {
        ObjectNode live = stored.tree();
        Changes.requireCurrent(target, live, configuration);
        ObjectNode applied = ownership.apply(target, live, configuration, write.options());
        ObjectNode prepared = preparation.changed(target, live, applied, write);
        return Changes.settle(live, withManagedFields(prepared, applied), write.options());
    }

    private void requireCreatable(Target target, WriteOptions options) {
        if (!target.subresource().isEmpty()) {
            throw target.notFound();
        }
        // The call was allowed as a patch.
        authorizer.require(options.author(), target.act("create"));
        if (target.resource().kind().namespaced()) {
            namespaces.requireOpen(target.namespace(), target.subject());
        }
    }

    private Decision applyNew(Target target, ObjectNode configuration, Write write) {
        requireCreatable(target, write.options());
        // Operators apply with a version that no object has, so as to create and never to change.
        Meta.of(configuration).node().remove("resourceVersion");
        Changes.requireCurrent(target, Json.object(), configuration);
        ObjectNode applied = ownership.apply(target, Json.object(), configuration, write.options());
        ObjectNode prepared = preparation.fresh(target, applied, write);
        return write.options().dryRun() ? new Decision.Leave(prepared) : new Decision.Put(prepared);
    }

    /** A status is taken over alone; who owns it comes with it. */
    private static ObjectNode withManagedFields(ObjectNode prepared, ObjectNode applied) {
        JsonNode managed = applied.path("metadata").path("managedFields");
        if (!managed.isMissingNode()) {
            Meta.of(prepared).node().set("managedFields", managed);
        }
        return prepared;
    }
}
