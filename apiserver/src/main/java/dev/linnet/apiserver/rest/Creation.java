package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.Namespaces;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.Names;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.random.RandomGenerator;

/** The verb create. */
final class Creation {
    private static final int PREFIX_MAX = 58;
    private static final int NAME_ATTEMPTS = 8;

    private final ObjectStore store;
    private final Intake intake;
    private final Preparation preparation;
    private final Ownership ownership;
    private final Namespaces namespaces;
    private final Views views;
    private final RandomGenerator random;

    Creation(Workshop workshop) {
        this.store = workshop.store();
        this.intake = workshop.intake();
        this.preparation = workshop.preparation();
        this.ownership = workshop.ownership();
        this.namespaces = workshop.namespaces();
        this.views = workshop.views();
        this.random = workshop.random();
    }

    Reply create(Call call, Target collection) {
        WriteOptions options = WriteOptions.of(call);
        Intake.Received received = intake.receive(call, collection.resource(), options.validation());
        ObjectNode stored = create(collection, received.object(), options);
        return views.single(201, call, collection.resource(), stored).warning(received.warnings());
    }

    /** @param object in its stored shape */
    ObjectNode create(Target collection, ObjectNode object, WriteOptions options) {
        requirePlace(collection, object);
        preparation.awaitNeeded(collection, object);
        return storeNamed(collection, object, options);
    }

    private void requirePlace(Target collection, ObjectNode object) {
        Meta meta = Meta.of(object);
        if (!meta.resourceVersion().isEmpty() && !meta.resourceVersion().equals("0")) {
            throw ApiFailure.badRequest("resourceVersion should not be set on objects to be created");
        }
        if (!collection.resource().kind().namespaced()) {
            return;
        }
        String namespace = collection.namespace();
        if (!meta.namespace().isEmpty() && !meta.namespace().equals(namespace)) {
            throw ApiFailure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        meta.node().put("namespace", namespace);
        namespaces.requireOpen(namespace, collection.resource().subject(meta.name()));
    }

    private ObjectNode storeNamed(Target collection, ObjectNode object, WriteOptions options) {
        Meta meta = Meta.of(object);
        String prefix = meta.text("generateName");
        if (!meta.name().isEmpty() || prefix.isEmpty()) {
            return storeNew(collection.named(meta.name()), object, options);
        }
        for (int attempt = 1; ; attempt++) {
            ObjectNode named = object.deepCopy();
            String name = prefix.substring(0, Math.min(prefix.length(), PREFIX_MAX)) + Names.suffix(random);
            Meta.of(named).node().put("name", name);
            try {
                return storeNew(collection.named(name), named, options);
            } catch (ApiFailure e) {
                if (e.code() != 409 || attempt == NAME_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private ObjectNode storeNew(Target target, ObjectNode object, WriteOptions options) {
        try (Write write = new Write(options)) {
            ObjectNode prepared = preparation.fresh(target, object, write);
            ObjectNode owned = ownership.ofNew(target, prepared, options);
            return store.change(target.key(), live -> {
                        if (live.isPresent()) {
                            throw taken(target, Meta.of(live.get().tree()));
                        }
                        return options.dryRun() ? new Decision.Leave(owned) : new Decision.Put(owned);
                    })
                    .object();
        }
    }

    private static ApiFailure taken(Target target, Meta live) {
        ApiFailure taken = ApiFailure.alreadyExists(target.subject());
        return live.terminating() ? taken.because("object is being deleted") : taken;
    }
}
