package dev.linnet.console.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets in whoever has a token of the cluster: the API is asked, by that token, whose it is (SelfSubjectReview). */
public final class TokenLogin {
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final int LONGEST = 16 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Config cluster;

    /** @param cluster where the API is; its credentials are not used */
    public TokenLogin(Config cluster) {
        this.cluster = cluster;
    }

    /**
     * The person whose token it is; empty if it is nobody's.
     *
     * @throws KubernetesClientException when the API does not answer
     */
    public Optional<Person> person(String token) {
        if (token.isBlank() || token.length() > LONGEST || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            return Optional.empty();
        }
        return person(cluster().withOauthToken(token).build());
    }

    /**
     * The person by whose tokens, now and later, the API is asked; empty if it does not know them.
     *
     * @throws KubernetesClientException when the API does not answer
     */
    public Optional<Person> person(Supplier<String> tokens) {
        return person(cluster().withOauthTokenProvider(tokens::get).build());
    }

    private static Optional<Person> person(Config config) {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        try {
            String answer = client.raw(
                    REVIEWS, "POST", Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview"));
            String name = JSON.readTree(answer).at("/status/userInfo/username").asText("");
            if (!name.isEmpty() && !name.equals("system:anonymous")) {
                return Optional.of(new Person(name, client, true));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_UNAUTHORIZED && e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                client.close();
                throw e;
            }
        } catch (IOException e) {
            client.close();
            throw new KubernetesClientException("the API's answer to a SelfSubjectReview is no JSON", e);
        }
        client.close();
        return Optional.empty();
    }

    /** Only where the API is and how it proves that it is it: none of the console's own credentials. */
    private ConfigBuilder cluster() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(cluster.getMasterUrl())
                .withCaCertData(cluster.getCaCertData())
                .withCaCertFile(cluster.getCaCertFile())
                .withTrustCerts(cluster.isTrustCerts())
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(1)
                .withRequestTimeout(5_000);
    }
}
