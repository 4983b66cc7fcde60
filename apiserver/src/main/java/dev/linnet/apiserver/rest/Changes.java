package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.patch.FieldOwnership;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.function.UnaryOperator;

/** Changes of stored objects: the verb update, and what all other changes have in common with it. */
final class Changes {
    private final ObjectStore store;
    private final Intake intake;
    private final Preparation preparation;
    private final Ownership ownership;
    private final Views views;

    Changes(Workshop workshop) {
        this.store = workshop.store();
        this.intake = workshop.intake();
        this.preparation = workshop.preparation();
        this.ownership = workshop.ownership();
        this.views = workshop.views();
    }

    Reply update(Call call, Target target) {
        WriteOptions options = WriteOptions.of(call);
        Intake.Received received = intake.receive(call, target.resource(), options.validation());
        ObjectNode after = change(target, options, _ -> received.object());
        return views.single(200, call, target.resource(), after).warning(received.warnings());
    }

    /**
     * Changes one object with nobody in between.
     *
     * @param propose gets the stored object, a copy, and returns what it is to become
     * @return the object as it is now, or would be
     */
    ObjectNode change(Target target, WriteOptions options, UnaryOperator<ObjectNode> propose) {
        try (Write write = new Write(options)) {
            return store.change(target.key(), stored -> {
                        ObjectNode live = stored.orElseThrow(target::notFound).tree();
                        ObjectNode proposed = propose.apply(live.deepCopy());
                        requireCurrent(target, live, proposed);
                        ObjectNode prepared = preparation.changed(target, live, proposed, write);
                        return settle(live, ownership.ofChange(target, live, prepared, options), options);
                    })
                    .object();
        }
    }

    /** A change by the server's own rules, such as binding a Pod: what clients may not change by an update does not count. */
    void act(Target target, WriteOptions options, UnaryOperator<ObjectNode> propose) {
        store.change(target.key(), stored -> {
            ObjectNode live = stored.orElseThrow(target::notFound).tree();
            ObjectNode after = propose.apply(live.deepCopy());
            return settle(live, ownership.ofChange(target, live, after, options), options);
        });
    }

    /** Refuses a proposal made for another object, or for an older version of this one. */
    static void requireCurrent(Target target, ObjectNode live, ObjectNode proposed) {
        Meta now = Meta.of(live);
        Meta meant = Meta.of(proposed);
        if (meant.name().isEmpty()) {
            meant.node().put("name", target.name());
        }
        if (!meant.name().equals(target.name())) {
            throw ApiFailure.badRequest("the name of the object (" + meant.name()
                    + ") does not match the name on the URL (" + target.name() + ")");
        }
        if (!meant.namespace().isEmpty() && !meant.namespace().equals(target.namespace())) {
            throw ApiFailure.badRequest("the namespace of the object (" + meant.namespace()
                    + ") does not match the namespace on the URL (" + target.namespace() + ")");
        }
        if (!meant.uid().isEmpty() && !meant.uid().equals(now.uid())) {
            throw ApiFailure.conflict(
                    target.subject(),
                    "Precondition failed: UID in precondition: " + meant.uid() + ", UID in object meta: " + now.uid());
        }
        String version = meant.resourceVersion();
        if (!version.isEmpty() && !version.equals("0") && !version.equals(now.resourceVersion())) {
            throw ApiFailure.staleVersion(target.subject());
        }
    }

    /** What to do with an object that a change has made: nothing if it is the same, remove it if it only waited for this. */
    static Decision settle(ObjectNode live, ObjectNode after, WriteOptions options) {
        ObjectNode result = FieldOwnership.keepIfOnlyTimesDiffer(live, after);
        if (options.dryRun() || Json.same(result, live)) {
            return new Decision.Leave(result);
        }
        return Deletion.nothingHolds(result) ? new Decision.Remove(result) : new Decision.Put(result);
    }
}
