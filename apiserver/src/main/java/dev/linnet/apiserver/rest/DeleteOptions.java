package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * How a deletion is to be done. Comes in the body or, in part, in the query.
 *
 * @param graceSeconds    negative where nothing is said
 * @param uid             the only object that may be deleted; empty for any
 * @param resourceVersion the only version that may be deleted; empty for any
 */
record DeleteOptions(Propagation propagation, long graceSeconds, String uid, String resourceVersion, boolean dryRun) {

    /** What becomes of the objects that this one owns. */
    enum Propagation {
        /** As the object's finalizers say; mostly in the background. */
        UNSAID,
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    static DeleteOptions of(Call call, Bodies bodies) {
        return of(call.body().isEmpty() ? Json.object() : bodies.object(call), call);
    }

    /** @param options a DeleteOptions object, which wins over the call's query */
    static DeleteOptions of(ObjectNode options, Call call) {
        ObjectNode preconditions = Json.child(options, "preconditions");
        return new DeleteOptions(
                propagation(options, call),
                options.path("gracePeriodSeconds")
                        .asLong(call.query().number("gracePeriodSeconds").orElse(-1)),
                preconditions.path("uid").asText(""),
                preconditions.path("resourceVersion").asText(""),
                dryRun(options, call));
    }

    private static boolean dryRun(ObjectNode options, Call call) {
        List<String> values = new ArrayList<>(call.query().all("dryRun"));
        options.path("dryRun").forEach(value -> values.add(value.asText()));
        return WriteOptions.dryRun(values, "DeleteOptions");
    }

    private static Propagation propagation(ObjectNode options, Call call) {
        if (options.hasNonNull("orphanDependents")) {
            return options.path("orphanDependents").asBoolean() ? Propagation.ORPHAN : Propagation.BACKGROUND;
        }
        String named = options.path("propagationPolicy").asText(call.query().text("propagationPolicy"));
        return switch (named) {
            case "" -> Propagation.UNSAID;
            case "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default ->
                throw ApiFailure.invalid(
                        new ApiFailure.Subject("meta.k8s.io", "DeleteOptions", ""),
                        List.of(FieldError.notSupported(
                                "propagationPolicy", named, List.of("Foreground", "Background", "Orphan"))));
        };
    }
}
