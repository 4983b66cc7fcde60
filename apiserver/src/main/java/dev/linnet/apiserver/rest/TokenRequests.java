package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Authenticator;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes tokens for ServiceAccounts: {@code kubectl create token}, and the files in Pods. */
final class TokenRequests {
    private static final long USUAL_SECONDS = 3_600;
    private static final long SHORTEST_SECONDS = 600;
    private static final long LONGEST_SECONDS = 1L << 32;
    /** What Pods ask for whose spec a server has completed. Clients that read the file once would fail after that hour. */
    private static final long POD_SECONDS = 3_607;

    private static final Duration YEAR = Duration.ofDays(365);

    private final ObjectStore store;
    private final Bodies bodies;
    private final InstantSource clock;
    private final ServiceAccountTokens tokens;

    TokenRequests(Workshop workshop, ServiceAccountTokens tokens) {
        this.store = workshop.store();
        this.bodies = workshop.bodies();
        this.clock = workshop.clock();
        this.tokens = tokens;
    }

    Reply create(Call call, Target account) {
        ObjectNode request = bodies.object(call);
        ObjectNode spec = Json.child(request, "spec");
        long seconds = spec.path("expirationSeconds").asLong(USUAL_SECONDS);
        requireSensible(seconds);
        List<String> audiences = audiences(spec);
        StoredObject owner = store.get(account.key()).orElseThrow(account::notFound);
        Optional<StoredObject> bound = bound(spec.path("boundObjectRef"), account);
        String token = tokens.issue(new ServiceAccountTokens.Wish(
                owner, bound, bound.flatMap(this::nodeOf), audiences, life(seconds, audiences, bound)));
        answer(request, account, seconds, audiences);
        request.putObject("status")
                .put("token", token)
                .put(
                        "expirationTimestamp",
                        Meta.time(clock.instant().plusSeconds(Math.min(seconds, YEAR.toSeconds()))));
        return Reply.json(201, request);
    }

    private static void requireSensible(long seconds) {
        String wrong = seconds < SHORTEST_SECONDS
                ? "may not specify a duration less than 10 minutes"
                : seconds > LONGEST_SECONDS ? "may not specify a duration larger than 2^32 seconds" : "";
        if (!wrong.isEmpty()) {
            throw ApiFailure.invalid(
                    new ApiFailure.Subject("authentication.k8s.io", "TokenRequest", ""),
                    List.of(FieldError.invalid("spec.expirationSeconds", seconds, wrong)));
        }
    }

    private static List<String> audiences(ObjectNode spec) {
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        return audiences.isEmpty() ? List.of(Authenticator.API_AUDIENCE) : audiences;
    }

    /** The Pod or Secret that a token shall end with. */
    private Optional<StoredObject> bound(JsonNode reference, Target account) {
        String kind = reference.path("kind").asText("");
        if (!reference.isObject()) {
            return Optional.empty();
        }
        if (!reference.path("apiVersion").asText("v1").equals("v1") || !(kind.equals("Pod") || kind.equals("Secret"))) {
            throw ApiFailure.badRequest("cannot bind token to object of type " + kind);
        }
        String plural = kind.equals("Pod") ? "pods" : "secrets";
        String name = reference.path("name").asText("");
        ApiFailure.Subject subject = new ApiFailure.Subject("", plural, name);
        StoredObject bound = store.get(new ObjectKey(plural, account.namespace(), name))
                .orElseThrow(() -> ApiFailure.notFound(subject));
        requireSame(subject, Meta.of(bound.tree()).uid(), reference.path("uid").asText(""));
        requireAccount(bound, account);
        return Optional.of(bound);
    }

    private static void requireSame(ApiFailure.Subject subject, String uid, String meant) {
        if (!meant.isEmpty() && !meant.equals(uid)) {
            throw ApiFailure.conflict(
                    subject,
                    "the UID in the bound object reference (" + meant + ") does not match the UID in record. The object"
                            + " might have been deleted and then recreated");
        }
    }

    private static void requireAccount(StoredObject bound, Target account) {
        ObjectNode object = bound.tree();
        boolean pod = bound.key().resource().equals("pods");
        if (pod && !object.at("/spec/serviceAccountName").asText("").equals(account.name())) {
            throw ApiFailure.badRequest("cannot bind token for serviceaccount \"" + account.name()
                    + "\" to pod running with different serviceaccount name.");
        }
    }

    private Optional<StoredObject> nodeOf(StoredObject bound) {
        String node = bound.tree().at("/spec/nodeName").asText("");
        return node.isEmpty() ? Optional.empty() : store.get(new ObjectKey("nodes", "", node));
    }

    /** As a real server does, a Pod's own token lives on for a year, although its bearer is told an hour. */
    private static Duration life(long seconds, List<String> audiences, Optional<StoredObject> bound) {
        boolean ofPod =
                seconds == POD_SECONDS && bound.isPresent() && audiences.equals(List.of(Authenticator.API_AUDIENCE));
        Duration asked = Duration.ofSeconds(seconds);
        return ofPod || asked.compareTo(YEAR) > 0 ? YEAR : asked;
    }

    private void answer(ObjectNode request, Target account, long seconds, List<String> audiences) {
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        Meta.of(request)
                .node()
                .put("name", account.name())
                .put("namespace", account.namespace())
                .put("creationTimestamp", Meta.time(clock.instant()));
        ObjectNode spec = Json.child(request, "spec").put("expirationSeconds", seconds);
        ArrayNode shown = spec.putArray("audiences");
        audiences.forEach(shown::add);
    }
}
