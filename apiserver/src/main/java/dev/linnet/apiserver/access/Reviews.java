package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Authenticator.Identity;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers questions about who somebody is and what they may do. Nothing of it is stored. */
public final class Reviews {
    private static final String AUTHORIZATION = "authorization.k8s.io";

    private final Authenticator authenticator;
    private final Authorizer authorizer;

    public Reviews(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    /**
     * Fills in the status of a review.
     *
     * @param plural    {@code selfsubjectaccessreviews}
     * @param namespace of the path; empty for the cluster
     * @param review    the question; becomes the answer
     */
    public ObjectNode answer(String plural, String namespace, ObjectNode review, Caller asking) {
        ObjectNode spec = Json.child(review, "spec");
        Json.child(review, "metadata").putNull("creationTimestamp");
        switch (plural) {
            case "selfsubjectaccessreviews" -> access("SelfSubjectAccessReview", review, asking);
            case "subjectaccessreviews" -> access("SubjectAccessReview", review, subject("SubjectAccessReview", spec));
            case "localsubjectaccessreviews" -> {
                requireLocal(spec, namespace);
                access("LocalSubjectAccessReview", review, subject("LocalSubjectAccessReview", spec));
            }
            case "selfsubjectrulesreviews" ->
                rules(review, asking, spec.path("namespace").asText(""));
            case "selfsubjectreviews" -> review.putObject("status").set("userInfo", userInfo(asking));
            case "tokenreviews" -> token(review, spec);
            default -> throw ApiFailure.of(404, "NotFound", "the server could not find the requested resource");
        }
        return review;
    }

    private static void requireLocal(ObjectNode spec, String namespace) {
        String asked = spec.at("/resourceAttributes/namespace").asText("");
        if (spec.has("nonResourceAttributes")) {
            throw invalid(
                    "LocalSubjectAccessReview",
                    FieldError.invalid("spec.nonResourceAttributes", "", "disallowed on this kind of request"));
        }
        if (!asked.equals(namespace)) {
            throw ApiFailure.badRequest("spec.resourceAttributes.namespace must match namespace: " + namespace);
        }
    }

    private static Caller subject(String kind, ObjectNode spec) {
        String user = spec.path("user").asText("");
        List<String> groups = texts(spec.path("groups"));
        if (user.isEmpty() && groups.isEmpty()) {
            throw invalid(kind, FieldError.required("spec.user", "at least one of user or group must be specified"));
        }
        Map<String, List<String>> extra = new HashMap<>();
        spec.path("extra").properties().forEach(field -> extra.put(field.getKey(), texts(field.getValue())));
        return new Caller(user, spec.path("uid").asText(""), groups, extra);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private void access(String kind, ObjectNode review, Caller subject) {
        Verdict verdict = authorizer.decide(subject, act(kind, review.path("spec")));
        ObjectNode status = review.putObject("status").put("allowed", verdict.allowed());
        if (!verdict.reason().isEmpty()) {
            status.put("reason", verdict.reason());
        }
    }

    private static Act act(String kind, JsonNode spec) {
        JsonNode resource = spec.path("resourceAttributes");
        JsonNode path = spec.path("nonResourceAttributes");
        if (resource.isObject() && path.isObject()) {
            throw invalid(
                    kind,
                    FieldError.invalid(
                            "spec.nonResourceAttributes",
                            "",
                            "cannot be specified in combination with resourceAttributes"));
        }
        if (path.isObject()) {
            return new Act.OnPath(
                    path.path("verb").asText(""), path.path("path").asText(""));
        }
        if (!resource.isObject()) {
            throw invalid(
                    kind,
                    FieldError.required(
                            "spec.resourceAttributes",
                            "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
        return new Act.OnResource(
                resource.path("verb").asText(""),
                resource.path("group").asText(""),
                resource.path("resource").asText(""),
                resource.path("subresource").asText(""),
                resource.path("namespace").asText(""),
                resource.path("name").asText(""));
    }

    private static ApiFailure invalid(String kind, FieldError error) {
        return ApiFailure.invalid(new ApiFailure.Subject(AUTHORIZATION, kind, ""), List.of(error));
    }

    private void rules(ObjectNode review, Caller asking, String namespace) {
        if (namespace.isEmpty()) {
            throw ApiFailure.badRequest("no namespace on request");
        }
        AccessTable.Held held = authorizer.heldBy(asking, namespace);
        ObjectNode status = review.putObject("status");
        ArrayNode resourceRules = status.putArray("resourceRules");
        ArrayNode nonResourceRules = status.putArray("nonResourceRules");
        held.rules().forEach(rule -> (rule.isForUrls() ? nonResourceRules : resourceRules).add(rule.json()));
        status.put("incomplete", !held.problems().isEmpty());
        if (!held.problems().isEmpty()) {
            status.put("evaluationError", held.problems());
        }
    }

    private void token(ObjectNode review, ObjectNode spec) {
        String token = spec.path("token").asText("");
        if (token.isEmpty()) {
            throw ApiFailure.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = texts(spec.path("audiences"));
        Optional<Identity> identity =
                authenticator.identify(token, audiences.isEmpty() ? List.of(Authenticator.API_AUDIENCE) : audiences);
        ObjectNode status = review.putObject("status");
        spec.remove("token");
        if (identity.isPresent()) {
            status.put("authenticated", true)
                    .set("user", userInfo(identity.get().caller()));
            identity.get().audiences().forEach(status.putArray("audiences")::add);
        } else {
            status.put("authenticated", false).put("error", "invalid bearer token");
        }
    }

    private static ObjectNode userInfo(Caller caller) {
        ObjectNode info = Json.object().put("username", caller.name());
        if (!caller.uid().isEmpty()) {
            info.put("uid", caller.uid());
        }
        ArrayNode groups = info.putArray("groups");
        caller.groups().forEach(groups::add);
        if (!caller.extra().isEmpty()) {
            ObjectNode extra = info.putObject("extra");
            caller.extra().forEach((key, values) -> {
                ArrayNode array = extra.putArray(key);
                values.forEach(array::add);
            });
        }
        return info;
    }
}
