package dev.linnet.controller.fetch;

import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A token of our own account that is good for one audience and for nothing else, so that one which strays does no harm. */
public final class OwnToken implements Supplier<Optional<String>> {
    private static final Logger LOG = LoggerFactory.getLogger(OwnToken.class);
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final Account account;
    private final String audience;
    private final InstantSource clock;
    private Optional<String> token = Optional.empty();
    private Instant renewal = Instant.MIN;

    /** Whose token it is. */
    public record Account(String namespace, String name) {}

    public OwnToken(KubernetesClient client, Account account, String audience, InstantSource clock) {
        this.client = client;
        this.account = account;
        this.audience = audience;
        this.clock = clock;
    }

    /** Empty as long as none can be had. */
    @Override
    public synchronized Optional<String> get() {
        Instant now = clock.instant();
        if (now.isBefore(renewal)) {
            return token;
        }
        try {
            TokenRequest request = client.serviceAccounts()
                    .inNamespace(account.namespace())
                    .withName(account.name())
                    .tokenRequest(new TokenRequestBuilder()
                            .withNewSpec()
                            .withAudiences(audience)
                            .withExpirationSeconds(LIFE.toSeconds())
                            .endSpec()
                            .build());
            token = Optional.of(request.getStatus().getToken());
            renewal = now.plus(LIFE).minus(RENEWED_BEFORE);
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("audience", audience)
                    .addKeyValue("cause", e.getMessage())
                    .log("no token could be had");
            renewal = now.plus(Duration.ofMinutes(1));
        }
        return token;
    }
}
