package dev.linnet.controller.hook;

import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells load tester receivers inside the cluster who calls, by a token that is good for load testers and for nothing else, so that one which
 * strays does no harm. Receivers outside get none.
 */
public final class LoadTesterToken implements Function<URI, Map<String, String>> {
    private static final Logger LOG = LoggerFactory.getLogger(LoadTesterToken.class);
    private static final String AUDIENCE = "linnet-loadtester";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final Account account;
    private final InstantSource clock;
    private String token = "";
    private Instant renewal = Instant.MIN;

    /** Whose token it is. */
    public record Account(String namespace, String name) {}

    public LoadTesterToken(KubernetesClient client, Account account, InstantSource clock) {
        this.client = client;
        this.account = account;
        this.clock = clock;
    }

    @Override
    public Map<String, String> apply(URI receiver) {
        String host = receiver.getHost();
        boolean inside = host != null && (host.split("\\.", -1).length <= 2 || host.contains(".svc"));
        String known = inside ? token() : "";
        return known.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + known);
    }

    private synchronized String token() {
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
                            .withAudiences(AUDIENCE)
                            .withExpirationSeconds(LIFE.toSeconds())
                            .endSpec()
                            .build());
            token = request.getStatus().getToken();
            renewal = now.plus(LIFE).minus(RENEWED_BEFORE);
        } catch (KubernetesClientException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("no token for load testers could be had");
            renewal = now.plus(Duration.ofMinutes(1));
        }
        return token;
    }
}
