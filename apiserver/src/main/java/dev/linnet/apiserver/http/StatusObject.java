package dev.linnet.apiserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;

/** The Status object: how Kubernetes says what went wrong, or that something without an object of its own went well. */
public final class StatusObject {
    private StatusObject() {}

    public static ObjectNode of(ApiFailure failure) {
        ObjectNode status = empty("Failure");
        status.put("message", failure.getMessage()).put("reason", failure.reason());
        ApiFailure.Subject subject = failure.subject();
        ObjectNode details = Json.object();
        putUnlessEmpty(details, "name", subject.name());
        putUnlessEmpty(details, "group", subject.group());
        putUnlessEmpty(details, "kind", subject.kind());
        if (!failure.causes().isEmpty()) {
            ArrayNode causes = details.putArray("causes");
            for (ApiFailure.Cause cause : failure.causes()) {
                ObjectNode shown = causes.addObject();
                putUnlessEmpty(shown, "reason", cause.reason());
                putUnlessEmpty(shown, "message", cause.message());
                putUnlessEmpty(shown, "field", cause.field());
            }
        }
        // kubectl debug takes the details of a missing path for granted.
        if (!details.isEmpty() || failure.code() == 404 || failure.code() == 403) {
            status.set("details", details);
        }
        return status.put("code", failure.code());
    }

    /** An object is gone, or whatever was asked for is done. */
    public static ObjectNode success(ApiFailure.Subject subject, String uid) {
        ObjectNode status = empty("Success");
        ObjectNode details = status.putObject("details");
        putUnlessEmpty(details, "name", subject.name());
        putUnlessEmpty(details, "group", subject.group());
        putUnlessEmpty(details, "kind", subject.kind());
        putUnlessEmpty(details, "uid", uid);
        return status;
    }

    private static ObjectNode empty(String outcome) {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", outcome);
    }

    private static void putUnlessEmpty(ObjectNode object, String field, String value) {
        if (!value.isEmpty()) {
            object.put(field, value);
        }
    }
}
