package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.Duration;

/** Makes tokens for ServiceAccounts: {@code kubectl create token}. */
final class TokenRequests {
    private static final long USUAL_SECONDS = 3_600;

    private final ObjectStore store;
    private final Bodies bodies;
    private final ServiceAccountTokens tokens;

    TokenRequests(Workshop workshop, ServiceAccountTokens tokens) {
        this.store = workshop.store();
        this.bodies = workshop.bodies();
        this.tokens = tokens;
    }

    Reply create(Call call, Target account) {
        ObjectNode request = bodies.object(call);
        Meta owner =
                Meta.of(store.get(account.key()).orElseThrow(account::notFound).tree());
        ObjectNode spec = Json.child(request, "spec");
        long seconds = spec.path("expirationSeconds").asLong(USUAL_SECONDS);
        ServiceAccountTokens.Issued issued =
                tokens.issue(account.namespace(), account.name(), owner.uid(), Duration.ofSeconds(seconds));
        Meta.of(request).node().put("name", account.name()).put("namespace", account.namespace());
        spec.put("expirationSeconds", seconds);
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        request.putObject("status")
                .put("token", issued.token())
                .put("expirationTimestamp", Meta.time(issued.expires()));
        return Reply.json(201, request);
    }
}
