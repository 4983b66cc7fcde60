package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers questions about who somebody is and what they may do. Nothing of it is stored. */
public final class Reviews {
    private final Authenticator authenticator;
    private final Authorizer authorizer;

    public Reviews(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    /**
     * Fills in the status of a review.
     *
     * @param plural {@code selfsubjectaccessreviews}
     * @param review the question; becomes the answer
     */
    public ObjectNode answer(String plural, ObjectNode review, Caller asking) {
        ObjectNode spec = Json.child(review, "spec");
        Json.child(review, "metadata").putNull("creationTimestamp");
        switch (plural) {
            case "selfsubjectaccessreviews" -> access(review, asking, spec);
            case "subjectaccessreviews", "localsubjectaccessreviews" -> access(review, subject(spec), spec);
            case "selfsubjectrulesreviews" -> rules(review, asking);
            case "selfsubjectreviews" -> review.putObject("status").set("userInfo", userInfo(asking));
            case "tokenreviews" -> token(review, spec.path("token").asText(""));
            default -> throw ApiFailure.of(404, "NotFound", "the server could not find the requested resource");
        }
        return review;
    }

    private static Caller subject(ObjectNode spec) {
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        return new Caller(spec.path("user").asText(""), spec.path("uid").asText(""), groups);
    }

    private void access(ObjectNode review, Caller subject, ObjectNode spec) {
        JsonNode attributes = spec.path("resourceAttributes");
        String[] path = attributes.path("resource").asText("").split("/", 2);
        String subresource = attributes.path("subresource").asText(path.length > 1 ? path[1] : "");
        boolean allowed = authorizer.allows(
                subject,
                new Authorizer.Act(
                        attributes
                                .path("verb")
                                .asText(spec.path("nonResourceAttributes")
                                        .path("verb")
                                        .asText("")),
                        attributes.path("group").asText(""),
                        path[0],
                        subresource,
                        attributes.path("namespace").asText(""),
                        attributes.path("name").asText("")));
        review.putObject("status").put("allowed", allowed);
    }

    private void rules(ObjectNode review, Caller asking) {
        ObjectNode status = review.putObject("status");
        ArrayNode resourceRules = status.putArray("resourceRules");
        ArrayNode nonResourceRules = status.putArray("nonResourceRules");
        if (authorizer.allows(asking, new Authorizer.Act("*", "*", "*", "*", "", ""))) {
            ObjectNode everything = resourceRules.addObject();
            everything.putArray("verbs").add("*");
            everything.putArray("apiGroups").add("*");
            everything.putArray("resources").add("*");
            ObjectNode everywhere = nonResourceRules.addObject();
            everywhere.putArray("verbs").add("*");
            everywhere.putArray("nonResourceURLs").add("*");
        }
        status.put("incomplete", false);
    }

    private void token(ObjectNode review, String token) {
        Optional<Caller> caller = authenticator.callerOf(token);
        ObjectNode status = review.putObject("status");
        Json.child(review, "spec").remove("token");
        if (caller.isPresent()) {
            status.put("authenticated", true).set("user", userInfo(caller.get()));
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
        return info;
    }
}
