package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.select.FieldSelector;
import dev.linnet.apiserver.select.LabelSelector;
import dev.linnet.apiserver.select.Selection;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.Snapshot;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The verbs get and list. */
final class Reads {
    private final ObjectStore store;
    private final Views views;

    Reads(ObjectStore store, Views views) {
        this.store = store;
        this.views = views;
    }

    Reply get(Call call, Target target) {
        StoredObject object = store.get(target.key()).orElseThrow(target::notFound);
        return views.single(200, call, target.resource(), object.tree());
    }

    Reply list(Call call, Target target) {
        ListOptionRules.checkList(call.query());
        View view = views.of(call, target.resource());
        Page page = page(call, target);
        return listed(view, page.metadata(), page.objects());
    }

    /** @param metadata of the list */
    static Reply listed(View view, ObjectNode metadata, List<StoredObject> objects) {
        byte[] head = view.listHead(metadata);
        return Reply.stream(view.contentType(), out -> write(head, objects, view, out));
    }

    private static void write(byte[] head, List<StoredObject> objects, View view, OutputStream out) throws IOException {
        out.write(head);
        boolean first = true;
        for (StoredObject object : objects) {
            if (!first) {
                out.write(',');
            }
            first = false;
            view.writeItem(object, out);
        }
        out.write(']');
        out.write('}');
    }

    private record Page(ObjectNode metadata, List<StoredObject> objects) {}

    private Page page(Call call, Target target) {
        Selection selection = selection(call, target);
        long limit = call.query().number("limit").orElse(0);
        String token = call.query().text("continue");
        ContinueToken from = token.isEmpty() ? ContinueToken.START : ContinueToken.parse(token);
        Snapshot snapshot = snapshot(call, target, from);
        List<StoredObject> objects = new ArrayList<>();
        int next = 0;
        List<StoredObject> all = snapshot.objects();
        while (next < all.size() && (limit <= 0 || objects.size() < limit)) {
            StoredObject object = all.get(next++);
            if (from.isBefore(object.key()) && selection.matches(object)) {
                objects.add(object);
            }
        }
        ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(snapshot.version()));
        if (next < all.size()) {
            ContinueToken more =
                    ContinueToken.after(snapshot.version(), objects.getLast().key());
            metadata.put("continue", more.text());
            if (selection.everythingInScope()) {
                metadata.put("remainingItemCount", all.size() - next);
            }
        }
        return new Page(metadata, objects);
    }

    static Selection selection(Call call, Target target) {
        ResourceKind.KindRules rules = target.resource().kind().rules();
        String fields = call.query().text("fieldSelector");
        if (!target.name().isEmpty()) {
            fields = FieldSelector.NAME + "=" + target.name() + (fields.isEmpty() ? "" : "," + fields);
        }
        return new Selection(
                target.namespace(),
                LabelSelector.parse(call.query().text("labelSelector")),
                FieldSelector.parse(fields, rules.selectableFieldNames()),
                rules);
    }

    private Snapshot snapshot(Call call, Target target, ContinueToken from) {
        String resource = target.key().resource();
        long wanted = version(call.query().text("resourceVersion"));
        if (!from.equals(ContinueToken.START)) {
            return earlier(
                    from.version(),
                    target,
                    "The provided continue parameter is too old to display a consistent list result. You can start a new"
                            + " list without the continue parameter.");
        }
        if (wanted > store.version()) {
            throw tooLarge(wanted, store.version());
        }
        if (call.query().text("resourceVersionMatch").equals("Exact")) {
            return earlier(wanted, target, "The resourceVersion for the provided list is too old.");
        }
        return store.list(resource, target.namespace());
    }

    private Snapshot earlier(long version, Target target, String tooOld) {
        try {
            return store.listAt(version, target.key().resource(), target.namespace());
        } catch (ApiFailure _) {
            throw ApiFailure.expired(tooOld);
        }
    }

    /** Clients know this by its cause, and begin anew. */
    private static ApiFailure tooLarge(long wanted, long current) {
        return ApiFailure.of(
                504,
                "Timeout",
                "Timeout: Too large resource version: " + wanted + ", current: " + current,
                ApiFailure.Subject.NONE,
                List.of(new ApiFailure.Cause("ResourceVersionTooLarge", "Too large resource version", "")));
    }

    /** 0 where nothing is said. */
    static long version(String parameter) {
        try {
            return parameter.isEmpty() ? 0 : Long.parseUnsignedLong(parameter);
        } catch (NumberFormatException _) {
            throw ApiFailure.badRequest(
                    "resourceVersion: Invalid value: \"" + parameter + "\": expected a decimal number");
        }
    }
}
