package dev.linnet.gateway.feed;

import dev.linnet.manifests.istio.ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * At which port of its own a gateway inside the cluster serves each port of a Service, so that the Host header plays no part. The
 * controller gives them out, in a ConfigMap: {@code backend.80: "15001"}.
 *
 * @param hosts of rules, by the port to listen on
 */
public record MeshPorts(Map<Integer, ServicePort> hosts) {
    /** In each namespace that has opted in. */
    public static final String CONFIG_MAP = "linnet-mesh";

    static final MeshPorts NONE = new MeshPorts(Map.of());

    public MeshPorts {
        hosts = Map.copyOf(hosts);
    }

    /** What cannot be understood is left out: nobody listens there, so no traffic is led there. */
    static MeshPorts of(String namespace, Map<String, String> data) {
        Map<Integer, ServicePort> hosts = new HashMap<>();
        data.forEach((key, value) -> port(namespace, key)
                .ifPresent(service -> number(value).ifPresent(listen -> hosts.put(listen, service))));
        return new MeshPorts(hosts);
    }

    private static Optional<ServicePort> port(String namespace, String key) {
        int dot = key.lastIndexOf('.');
        return dot < 1
                ? Optional.empty()
                : number(key.substring(dot + 1)).map(port -> new ServicePort(namespace, key.substring(0, dot), port));
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[1-9][0-9]{0,4}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
