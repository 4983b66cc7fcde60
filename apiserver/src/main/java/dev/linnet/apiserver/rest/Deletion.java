package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.CustomDefinitions;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.http.StatusObject;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.select.Selection;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The verbs delete and deletecollection. */
final class Deletion {
    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String PODS = "pods";
    private static final long POD_GRACE_SECONDS = 30;
    private static final Set<String> ENDED_PHASES = Set.of("Succeeded", "Failed");

    private final ObjectStore store;
    private final Bodies bodies;
    private final Views views;
    private final InstantSource clock;

    Deletion(Workshop workshop) {
        this.store = workshop.store();
        this.bodies = workshop.bodies();
        this.views = workshop.views();
        this.clock = workshop.clock();
    }

    Reply delete(Call call, Target target) {
        Decision decision = delete(target, DeleteOptions.of(call, bodies));
        return switch (decision) {
            case Decision.Remove removed ->
                Reply.json(
                        200,
                        StatusObject.success(
                                target.subject(), Meta.of(removed.object()).uid()));
            case Decision.Put held -> views.single(200, call, target.resource(), held.object());
            case Decision.Leave left -> views.single(200, call, target.resource(), left.object());
        };
    }

    /** Deletes one object, or marks it to be deleted where something holds it. */
    Decision delete(Target target, DeleteOptions options) {
        if (target.key().resource().equals(Namespaces.RESOURCE)) {
            Namespaces.requireMortal(target.subject());
        }
        return store.change(target.key(), stored -> {
            ObjectNode live = stored.orElseThrow(target::notFound).tree();
            requirePreconditions(target, Meta.of(live), options);
            Decision decision = decide(target.resource().kind(), live, options);
            return options.dryRun() ? new Decision.Leave(decision.object()) : decision;
        });
    }

    private static void requirePreconditions(Target target, Meta live, DeleteOptions options) {
        if (!options.uid().isEmpty() && !options.uid().equals(live.uid())) {
            throw ApiFailure.conflict(
                    target.subject(),
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: "
                            + live.uid());
        }
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(live.resourceVersion())) {
            throw ApiFailure.conflict(
                    target.subject(),
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + live.resourceVersion());
        }
    }

    private Decision decide(ResourceKind kind, ObjectNode live, DeleteOptions options) {
        ObjectNode after = live.deepCopy();
        Meta meta = Meta.of(after);
        meta.setFinalizers(finalizers(meta.finalizers(), options.propagation()));
        long grace = kind.qualifiedPlural().equals(PODS) ? podGrace(live, options.graceSeconds()) : 0;
        if (!meta.terminating()) {
            mark(kind, after, grace);
        } else if (grace < meta.node().path("deletionGracePeriodSeconds").asLong(0)) {
            // Deleting again can only make it faster.
            setEnd(meta, grace);
        }
        if (nothingHolds(after)) {
            return new Decision.Remove(after);
        }
        return Json.same(live, after) ? new Decision.Leave(live) : new Decision.Put(after);
    }

    private static List<String> finalizers(List<String> names, DeleteOptions.Propagation propagation) {
        List<String> after = new ArrayList<>(names);
        if (propagation != DeleteOptions.Propagation.UNSAID) {
            after.removeAll(List.of(ORPHAN, FOREGROUND));
        }
        switch (propagation) {
            case FOREGROUND -> after.add(FOREGROUND);
            case ORPHAN -> after.add(ORPHAN);
            case BACKGROUND, UNSAID -> {}
        }
        return after;
    }

    /** How long a Pod has to end; none where nothing runs. */
    private static long podGrace(ObjectNode pod, long wanted) {
        boolean unscheduled = pod.path("spec").path("nodeName").asText("").isEmpty();
        if (unscheduled
                || ENDED_PHASES.contains(pod.path("status").path("phase").asText(""))) {
            return 0;
        }
        return wanted >= 0
                ? wanted
                : pod.path("spec").path("terminationGracePeriodSeconds").asLong(POD_GRACE_SECONDS);
    }

    private void mark(ResourceKind kind, ObjectNode after, long grace) {
        Meta meta = Meta.of(after);
        setEnd(meta, grace);
        if (kind.generation()) {
            meta.node().put("generation", meta.generation() + 1);
        }
        switch (kind.qualifiedPlural()) {
            case Namespaces.RESOURCE -> Json.child(after, "status").put("phase", "Terminating");
            case CustomDefinitions.RESOURCE -> CustomDefinitions.end(after, clock.instant());
            default -> {}
        }
    }

    private void setEnd(Meta meta, long grace) {
        Instant end = clock.instant().plusSeconds(grace);
        meta.node().put("deletionTimestamp", Meta.time(end)).put("deletionGracePeriodSeconds", grace);
    }

    /** Whether an object that is being deleted can go: no finalizer, no grace left, and for a namespace, no content. */
    static boolean nothingHolds(ObjectNode object) {
        Meta meta = Meta.of(object);
        boolean namespace = object.path("kind").asText().equals("Namespace")
                && object.path("apiVersion").asText().equals("v1");
        return meta.terminating()
                && meta.finalizers().isEmpty()
                && meta.node().path("deletionGracePeriodSeconds").asLong(0) == 0
                && !(namespace && !object.path("spec").path("finalizers").isEmpty());
    }

    /** Deletes all that a selection holds, one by one. */
    Reply deleteCollection(Call call, Target collection) {
        if (collection.key().resource().equals(Namespaces.RESOURCE)) {
            throw ApiFailure.methodNotAllowed(collection.subject());
        }
        DeleteOptions options = DeleteOptions.of(call, bodies);
        Selection selection = Reads.selection(call, collection);
        View view = views.of(call, collection.resource());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            body.writeBytes(view.listHead(Json.object().put("resourceVersion", Long.toString(store.version()))));
            int count = 0;
            for (StoredObject object : store.list(collection.key().resource(), collection.namespace())
                    .objects()) {
                if (selection.matches(object) && deleteIfThere(collection, object, options)) {
                    body.writeBytes(count++ == 0 ? new byte[0] : new byte[] {','});
                    view.writeItem(object, body);
                }
            }
            body.writeBytes(new byte[] {']', '}'});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, view.contentType(), new Reply.Whole(body.toByteArray()));
    }

    private boolean deleteIfThere(Target collection, StoredObject object, DeleteOptions options) {
        Target target = new Target(
                collection.resource(), object.key().namespace(), object.key().name(), "");
        try {
            delete(target, options);
            return true;
        } catch (ApiFailure e) {
            if (e.code() == 404) {
                return false;
            }
            throw e;
        }
    }
}
