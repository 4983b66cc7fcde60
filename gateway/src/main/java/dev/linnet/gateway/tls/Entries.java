package dev.linnet.gateway.tls;

import dev.linnet.routing.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is in a Secret for TLS. */
final class Entries {
    private Entries() {}

    /** By their usual names: Istio's Secrets may spell them another way. */
    static Map<String, byte[]> of(Secret<Map<String, byte[]>> secret) {
        Map<String, byte[]> data = new HashMap<>(secret.reveal());
        Map.of("cacert", "ca.crt", "cert", "tls.crt", "key", "tls.key").forEach((written, usual) -> {
            byte[] value = data.get(written);
            if (value != null) {
                data.putIfAbsent(usual, value);
            }
        });
        return data;
    }

    /** @throws BadCertificate if there is nothing of this name */
    static byte[] of(Map<String, byte[]> data, String name) throws BadCertificate {
        return Optional.ofNullable(data.get(name))
                .filter(bytes -> bytes.length > 0)
                .orElseThrow(() -> new BadCertificate(name + " is missing"));
    }
}
