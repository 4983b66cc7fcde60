package dev.linnet.machine.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.spec.References;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a Pod refers to, as the API has it at this moment. Not kept: Secrets should not lie about in memory. */
record ApiReferences(KubernetesClient client, PodRecord pod) implements References {

    @Override
    public Optional<Map<String, byte[]>> configMap(String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(pod.key().namespace())
                        .withName(name)
                        .get())
                .map(found -> {
                    Map<String, byte[]> content = decoded(found.getBinaryData());
                    if (found.getData() != null) {
                        found.getData().forEach((key, value) -> content.put(key, value.getBytes(UTF_8)));
                    }
                    return content;
                });
    }

    @Override
    public Optional<Map<String, byte[]>> secret(String name) {
        return Optional.ofNullable(client.secrets()
                        .inNamespace(pod.key().namespace())
                        .withName(name)
                        .get())
                .map(found -> decoded(found.getData()));
    }

    private static Map<String, byte[]> decoded(@Nullable Map<String, String> encoded) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        if (encoded != null) {
            encoded.forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return content;
    }

    @Override
    public String token(String audience, Duration life) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience.isEmpty() ? List.of() : List.of(audience))
                .withExpirationSeconds(life.toSeconds())
                .withNewBoundObjectRef("v1", "Pod", pod.key().name(), pod.uid())
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(pod.key().namespace())
                .withName(account())
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /**
     * Whether containers are to be able to speak to the API: the Pod says so, else its ServiceAccount.
     *
     * @throws MissingReference when there is no such ServiceAccount; that of a new namespace comes a little later
     */
    boolean wantsToken() throws MissingReference {
        Boolean asked = pod.pod().getSpec().getAutomountServiceAccountToken();
        if (asked != null) {
            return asked;
        }
        ServiceAccount account = client.serviceAccounts()
                .inNamespace(pod.key().namespace())
                .withName(account())
                .get();
        if (account == null) {
            throw new MissingReference("serviceaccount \"" + account() + "\" not found");
        }
        return !Boolean.FALSE.equals(account.getAutomountServiceAccountToken());
    }

    private String account() {
        return Objects.requireNonNullElse(pod.pod().getSpec().getServiceAccountName(), "default");
    }
}
