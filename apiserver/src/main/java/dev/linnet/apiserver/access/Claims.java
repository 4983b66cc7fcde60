package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a ServiceAccount's token says, laid out as Kubernetes lays it out.
 *
 * @param id       of this token alone
 * @param account  the ServiceAccount
 * @param bound    what must be there, beside the account, for the token to be good
 * @param node     where that Pod runs
 */
record Claims(
        String id,
        Instant issued,
        Instant expires,
        List<String> audiences,
        Named account,
        String namespace,
        Optional<BoundObject> bound,
        Optional<Named> node) {
    private static final String OWN = "kubernetes.io";

    /** An object, the very same one. */
    record Named(String name, String uid) {
        private static Optional<Named> in(JsonNode parent, String field) {
            JsonNode object = parent.path(field);
            return object.isObject()
                    ? Optional.of(new Named(
                            object.path("name").asText(""), object.path("uid").asText("")))
                    : Optional.empty();
        }

        private void putInto(ObjectNode parent, String field) {
            parent.putObject(field).put("name", name).put("uid", uid);
        }
    }

    /** A Pod or a Secret of the account's namespace. */
    record BoundObject(Kind kind, Named object) {
        enum Kind {
            POD("pod", "pods"),
            SECRET("secret", "secrets");

            final String field;
            final String resource;

            Kind(String field, String resource) {
                this.field = field;
                this.resource = resource;
            }
        }
    }

    Claims {
        audiences = List.copyOf(audiences);
    }

    static Claims of(JsonNode json) {
        JsonNode own = json.path(OWN);
        List<String> audiences = new ArrayList<>();
        json.path("aud").forEach(audience -> audiences.add(audience.asText()));
        return new Claims(
                json.path("jti").asText(""),
                Instant.ofEpochSecond(json.path("iat").asLong()),
                Instant.ofEpochSecond(json.path("exp").asLong()),
                audiences,
                Named.in(own, "serviceaccount").orElse(new Named("", "")),
                own.path("namespace").asText(""),
                bound(own),
                Named.in(own, "node"));
    }

    private static Optional<BoundObject> bound(JsonNode own) {
        for (BoundObject.Kind kind : BoundObject.Kind.values()) {
            Optional<Named> object = Named.in(own, kind.field);
            if (object.isPresent()) {
                return object.map(named -> new BoundObject(kind, named));
            }
        }
        return Optional.empty();
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("iss", Authenticator.API_AUDIENCE)
                .put("sub", accountName().user())
                .put("iat", issued.getEpochSecond())
                .put("nbf", issued.getEpochSecond())
                .put("exp", expires.getEpochSecond())
                .put("jti", id);
        ArrayNode aud = json.putArray("aud");
        audiences.forEach(aud::add);
        ObjectNode own = json.putObject(OWN).put("namespace", namespace);
        account.putInto(own, "serviceaccount");
        bound.ifPresent(object -> object.object().putInto(own, object.kind().field));
        node.ifPresent(named -> named.putInto(own, "node"));
        return json;
    }

    ServiceAccountName accountName() {
        return new ServiceAccountName(namespace, account.name());
    }

    /** Who holds the token. */
    Caller caller() {
        ServiceAccountName name = accountName();
        List<String> groups = new ArrayList<>(name.groups());
        groups.add(Caller.AUTHENTICATED);
        return new Caller(name.user(), account.uid(), groups, extra());
    }

    private Map<String, List<String>> extra() {
        Map<String, List<String>> extra = new TreeMap<>();
        extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        bound.filter(object -> object.kind() == BoundObject.Kind.POD).ifPresent(pod -> put(extra, "pod", pod.object()));
        node.ifPresent(named -> put(extra, "node", named));
        return extra;
    }

    private static void put(Map<String, List<String>> extra, String what, Named object) {
        extra.put("authentication.kubernetes.io/" + what + "-name", List.of(object.name()));
        extra.put("authentication.kubernetes.io/" + what + "-uid", List.of(object.uid()));
    }
}
