package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply, and the bookkeeping of managedFields that it rests on. Every write passes through one of the two:
 * {@link #afterApply} for apply patches, {@link #afterUpdate} for all others. Pure: arguments are never changed.
 *
 * <p>Objects and schema stand in {@link Writer#apiVersion()}. What an endpoint may not write (status on the main resource,
 * all else on {@code /scale}) must be put right before the call; only {@code /status} is narrowed here.
 *
 * <p>The rules are those of sigs.k8s.io/structured-merge-diff and of kubernetes.io, "Server-Side Apply".
 */
public final class FieldOwnership {
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /** Metadata that the server writes: nobody owns it, and applying it changes nothing. */
    private static final List<String> SERVER_METADATA = List.of(
            "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion");

    private static final FieldSet UNTRACKED = untracked();

    private FieldOwnership() {}

    /**
     * The object after an apply patch, with managedFields. If the configuration changes nothing, the result equals
     * {@code live}.
     *
     * @param live  the stored object; an empty object if there is none
     * @param force take over fields that others own, instead of failing
     * @throws ApiFailure 409 naming the fields that others own with another value; 400 for a configuration that cannot be
     *                    applied
     */
    public static ObjectNode afterApply(
            ObjectNode live, ObjectNode applied, Schema schema, boolean force, Writer writer) {
        if (!applied.path("metadata").path("managedFields").isMissingNode()
                && !applied.path("metadata").path("managedFields").isNull()) {
            throw ApiFailure.badRequest("metadata.managedFields must be nil");
        }
        ObjectNode configuration = configuration(applied, writer);
        ApplyCheck.check(configuration, schema);
        ObjectNode before = withoutManagedFields(live);
        ManagedFields known = stored(live);
        if (known.isEmpty() && !live.isEmpty()) {
            known = beforeFirstApply(before, schema, writer);
        }
        Apply apply = new Apply(before, schema, known, writer);
        Apply.Result result = apply.run(configuration);
        if (!force && !result.conflicts().isEmpty()) {
            refuseUnless(LastApplied.takeable(before, schema, writer), result.conflicts());
        }
        ObjectNode merged = result.object().deepCopy();
        LastApplied.refresh(merged, applied, writer);
        boolean unchanged = JsonValues.same(merged, before);
        return withManagedFields(merged, result.claims(unchanged, UNTRACKED));
    }

    /**
     * The object after a create, update or patch, with managedFields: what {@code after} has and {@code before} had not, or
     * otherwise, is the writer's from now on; what is gone is nobody's.
     *
     * <p>managedFields that {@code after} brings along count, so that clients can move ownership; an empty list, or one
     * empty entry, resets them. An object without any stays so until it is applied for the first time.
     *
     * @param before the stored object; an empty object for a create
     */
    public static ObjectNode afterUpdate(ObjectNode before, ObjectNode after, Schema schema, Writer writer) {
        ObjectNode result = withoutManagedFields(after).deepCopy();
        ManagedFields known = brought(before, after, writer);
        if (known.isEmpty() && !before.isEmpty()) {
            return result;
        }
        return withManagedFields(result, updated(withoutManagedFields(before), result, schema, known, writer));
    }

    /**
     * {@code before}, if {@code after} differs from it in nothing but times of managedFields; else {@code after}. To be asked
     * once an object has its stored form (defaults set, quantities canonical), because only then a write that changes
     * nothing shows as such.
     */
    public static ObjectNode keepIfOnlyTimesDiffer(ObjectNode before, ObjectNode after) {
        return JsonValues.same(withoutTimes(before), withoutTimes(after)) ? before : after;
    }

    private static ManagedFields updated(
            ObjectNode before, ObjectNode after, Schema schema, ManagedFields known, Writer writer) {
        Comparison change = Comparison.between(before, after, schema, writer.builtIn());
        FieldSet taken = change.changed().minus(UNTRACKED);
        ManagedFields rest = known.without(change.changed()).without(change.removed());
        if (taken.isEmpty()) {
            return rest;
        }
        Owner self = Owner.updater(writer);
        Claim claim = new Claim(
                writer.apiVersion(), writer.now().toString(), rest.fields(self).plus(taken));
        return rest.with(self, claim).capped();
    }

    /** Fields that were there before anybody applied get an owner, so that the first apply conflicts where it should. */
    private static ManagedFields beforeFirstApply(ObjectNode live, Schema schema, Writer writer) {
        Writer unknown = new Writer(
                BEFORE_FIRST_APPLY, writer.subresource(), writer.apiVersion(), writer.builtIn(), writer.now());
        ObjectNode tracked = writer.subresource().equals("status")
                ? onlyStatus(live)
                : live.deepCopy().without("status");
        return updated(JsonNodeFactory.instance.objectNode(), tracked, schema, ManagedFields.NONE, unknown);
    }

    private static void refuseUnless(FieldSet takeable, Map<Owner, FieldSet> conflicts) {
        conflicts.replaceAll((_, fields) -> fields.minus(takeable));
        conflicts.values().removeIf(FieldSet::isEmpty);
        if (!conflicts.isEmpty()) {
            throw Conflict.of(conflicts);
        }
    }

    private static ObjectNode configuration(ObjectNode applied, Writer writer) {
        ObjectNode configuration = writer.subresource().equals("status") ? onlyStatus(applied) : applied.deepCopy();
        if (configuration.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVER_METADATA);
        }
        return configuration;
    }

    private static ObjectNode onlyStatus(ObjectNode object) {
        ObjectNode result = object.deepCopy().retain("apiVersion", "kind", "metadata", "status");
        if (result.path("metadata") instanceof ObjectNode metadata) {
            metadata.retain("name", "namespace");
        }
        return result;
    }

    private static ManagedFields brought(ObjectNode before, ObjectNode after, Writer writer) {
        JsonNode brought = after.path("metadata").path("managedFields");
        if (!writer.subresource().isEmpty() || !brought.isArray()) {
            return stored(before);
        }
        boolean resets =
                brought.isEmpty() || (brought.size() == 1 && brought.path(0).isEmpty());
        if (resets) {
            return ManagedFields.NONE;
        }
        try {
            ManagedFields parsed = ManagedFields.parse(brought);
            return parsed.isEmpty() ? stored(before) : parsed;
        } catch (IllegalArgumentException e) {
            // As a real server: a client that garbles managedFields cannot lose them.
            return stored(before);
        }
    }

    private static ManagedFields stored(ObjectNode object) {
        return ManagedFields.parse(object.path("metadata").path("managedFields"));
    }

    private static ObjectNode withManagedFields(ObjectNode object, ManagedFields managed) {
        if (!managed.isEmpty()) {
            ObjectNode metadata = object.withObject("/metadata");
            metadata.set("managedFields", managed.toJson());
        }
        return object;
    }

    /** Shares all values but metadata with {@code object}. */
    private static ObjectNode withoutManagedFields(ObjectNode object) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.setAll(object);
        if (object.path("metadata") instanceof ObjectNode metadata) {
            result.putObject("metadata").setAll(metadata);
            result.withObject("/metadata").remove("managedFields");
        }
        return result;
    }

    private static ObjectNode withoutTimes(ObjectNode object) {
        ObjectNode result = object.deepCopy();
        for (JsonNode entry : result.path("metadata").path("managedFields")) {
            if (entry instanceof ObjectNode fields) {
                fields.remove("time");
            }
        }
        return result;
    }

    private static FieldSet untracked() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putObject("f:apiVersion");
        tree.putObject("f:kind");
        ObjectNode metadata = tree.putObject("f:metadata");
        metadata.putObject(".");
        metadata.putObject("f:name");
        metadata.putObject("f:namespace");
        SERVER_METADATA.forEach(name -> metadata.putObject("f:" + name));
        return FieldSet.parse(tree);
    }
}
