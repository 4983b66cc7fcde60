package dev.linnet.machine.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.node.spec.References;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ConfigMaps and Secrets as the API has them at this moment. Not kept: Secrets should not lie about in memory. */
record ApiReferences(KubernetesClient client, String namespace) implements References {

    @Override
    public Optional<Map<String, byte[]>> configMap(String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
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
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(found -> decoded(found.getData()));
    }

    private static Map<String, byte[]> decoded(@Nullable Map<String, String> encoded) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        if (encoded != null) {
            encoded.forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return content;
    }
}
