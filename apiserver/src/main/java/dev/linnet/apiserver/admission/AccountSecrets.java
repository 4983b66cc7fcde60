package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Authenticator;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Fills Secrets of the type {@code kubernetes.io/service-account-token} with a token that is good as long as both the Secret and its ServiceAccount are
 * there. See Kubernetes' "Manually create a long-lived API token for a ServiceAccount"; here it is done at once rather than a moment later.
 */
final class AccountSecrets {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";
    /** These tokens do not end with time. */
    private static final Duration LIFE = Duration.ofDays(100 * 365L);

    private final ObjectStore store;
    private final ServiceAccountTokens tokens;
    private final String authority;

    /** @param authority the certificate of this server's authority, as PEM */
    AccountSecrets(ObjectStore store, ServiceAccountTokens tokens, String authority) {
        this.store = store;
        this.tokens = tokens;
        this.authority = authority;
    }

    void fill(ObjectNode secret) {
        if (!secret.path("type").asText("").equals(TYPE)) {
            return;
        }
        Meta meta = Meta.of(secret);
        Optional<StoredObject> account = meta.annotation(ACCOUNT)
                .flatMap(name -> store.get(new ObjectKey("serviceaccounts", meta.namespace(), name)));
        if (account.isEmpty()) {
            return;
        }
        Json.child(meta.node(), "annotations")
                .put(ACCOUNT_UID, Meta.of(account.get().tree()).uid());
        ObjectNode data = Json.child(secret, "data");
        put(data, "ca.crt", authority);
        put(data, "namespace", meta.namespace());
        if (!data.has("token")) {
            put(data, "token", token(secret, account.get()));
        }
    }

    private String token(ObjectNode secret, StoredObject account) {
        Meta meta = Meta.of(secret);
        StoredObject bound = StoredObject.unstored(new ObjectKey("secrets", meta.namespace(), meta.name()), secret);
        return tokens.issue(new ServiceAccountTokens.Wish(
                account, Optional.of(bound), Optional.empty(), List.of(Authenticator.API_AUDIENCE), LIFE));
    }

    private static void put(ObjectNode data, String key, String value) {
        data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }
}
