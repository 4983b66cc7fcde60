package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Escalation;
import dev.linnet.apiserver.admission.Admission;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.MetadataRules;
import dev.linnet.apiserver.kinds.ResourceKind;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes of what a client proposes what may be stored: the server's own metadata, defaults, admission, validation. All
 * objects are in their stored shape here.
 */
final class Preparation {
    /** Metadata that only the server writes. */
    private static final List<String> SERVER_METADATA = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "resourceVersion");

    /** The one write that may change where a Pod runs. */
    static final String BINDING = "binding";

    private final Admission admission;
    private final Escalation escalation;
    private final InstantSource clock;

    Preparation(Admission admission, Escalation escalation, InstantSource clock) {
        this.admission = admission;
        this.escalation = escalation;
        this.clock = clock;
    }

    /** Waits, for a while, for what a new object needs; not in its turn to be written. */
    void awaitNeeded(Target target, ObjectNode object) {
        admission.awaitNeeded(target.resource().kind(), object);
    }

    /**
     * A new object, named, ready to be stored.
     *
     * @throws ApiFailure 422 listing everything that is wrong with it, 403 when it would give more than its author has
     */
    ObjectNode fresh(Target target, ObjectNode object, Write write) {
        ResourceKind kind = target.resource().kind();
        stamp(object, kind);
        if (kind.statusSubresource()) {
            object.remove("status");
        }
        kind.rules().normalise(object);
        kind.rules().applyDefaults(object);
        admission.admitNew(kind, object);
        escalation.refuse(write.options().author(), target.key(), Json.object(), object);
        if (!write.options().own()) {
            List<FieldError> errors = new ArrayList<>(MetadataRules.validate(kind, object));
            errors.addAll(kind.rules().validate(object));
            errors.addAll(kind.rules().validateCreate(object));
            requireNone(errors, target);
        }
        write.hold(admission.assign(kind, object));
        return object;
    }

    private void stamp(ObjectNode object, ResourceKind kind) {
        ObjectNode metadata = Meta.of(object).node();
        metadata.remove(SERVER_METADATA);
        metadata.remove("selfLink");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Meta.time(clock.instant()));
        if (kind.generation()) {
            metadata.put("generation", 1);
        }
    }

    /**
     * What a stored object becomes when a client proposes something else for it.
     *
     * @throws ApiFailure 422 listing everything that is wrong with it, 403 when it would give more than its author has
     */
    ObjectNode changed(Target target, ObjectNode live, ObjectNode proposed, Write write) {
        ResourceKind kind = target.resource().kind();
        ObjectNode after = narrowed(target, live, proposed);
        keepServerMetadata(live, after);
        kind.rules().normalise(after);
        kind.rules().applyDefaults(after);
        admission.admitChange(kind, live, after);
        escalation.refuse(write.options().author(), target.key(), live, after);
        countGeneration(kind, live, after);
        if (!write.options().own()) {
            requireNone(wrongWithChange(target, live, after), target);
        }
        write.hold(admission.assign(kind, after));
        return after;
    }

    private static List<FieldError> wrongWithChange(Target target, ObjectNode live, ObjectNode after) {
        ResourceKind kind = target.resource().kind();
        List<FieldError> errors = new ArrayList<>(MetadataRules.validate(kind, after));
        errors.addAll(newFinalizers(live, after));
        if (target.subresource().equals("status")) {
            errors.addAll(kind.rules().validateStatus(live, after));
            return errors;
        }
        errors.addAll(kind.rules().validate(after));
        if (!target.subresource().equals(BINDING)) {
            errors.addAll(kind.rules().validateUpdate(live, after));
        }
        return errors;
    }

    /** Each path writes its own part of an object and leaves the rest as it is. */
    private static ObjectNode narrowed(Target target, ObjectNode live, ObjectNode proposed) {
        return switch (target.subresource()) {
            case "status" -> withField(live.deepCopy(), "status", proposed);
            case "finalize" -> {
                ObjectNode after = live.deepCopy();
                withField(Json.child(after, "spec"), "finalizers", Json.child(proposed, "spec"));
                yield after;
            }
            case BINDING -> proposed;
            default -> target.resource().kind().statusSubresource() ? withField(proposed, "status", live) : proposed;
        };
    }

    private static ObjectNode withField(ObjectNode object, String field, ObjectNode source) {
        if (source.has(field)) {
            object.set(field, source.get(field));
        } else {
            object.remove(field);
        }
        return object;
    }

    private static void keepServerMetadata(ObjectNode live, ObjectNode after) {
        ObjectNode metadata = Meta.of(after).node();
        ObjectNode stored = Meta.of(live).node();
        SERVER_METADATA.forEach(field -> withField(metadata, field, stored));
        metadata.remove("selfLink");
        withField(metadata, "namespace", stored);
        withField(metadata, "generateName", stored);
    }

    private static void countGeneration(ResourceKind kind, ObjectNode live, ObjectNode after) {
        if (kind.generation() && !Json.same(asked(kind, live), asked(kind, after))) {
            Meta.of(after).node().put("generation", Meta.of(live).generation() + 1);
        }
    }

    /** What the author asks for, as opposed to what describes the object or its state. */
    private static ObjectNode asked(ResourceKind kind, ObjectNode object) {
        ObjectNode asked = Json.object();
        asked.setAll(object);
        asked.remove("metadata");
        if (kind.statusSubresource()) {
            asked.remove("status");
        }
        return asked;
    }

    private static List<FieldError> newFinalizers(ObjectNode live, ObjectNode after) {
        if (!Meta.of(live).terminating()) {
            return List.of();
        }
        List<String> added = Meta.of(after).finalizers();
        added.removeAll(Meta.of(live).finalizers());
        if (added.isEmpty()) {
            return List.of();
        }
        StringBuilder names = new StringBuilder();
        added.forEach(name -> names.append(names.isEmpty() ? "" : ", ")
                .append('"')
                .append(name)
                .append('"'));
        return List.of(FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{" + names
                        + "}"));
    }

    private static void requireNone(List<FieldError> errors, Target target) {
        if (!errors.isEmpty()) {
            throw ApiFailure.invalid(target.resource().kindSubject(target.name()), errors);
        }
    }
}
