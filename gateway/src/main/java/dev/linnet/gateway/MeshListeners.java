package dev.linnet.gateway;

import dev.linnet.gateway.feed.MeshPorts;
import dev.linnet.manifests.istio.ServicePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens at one port for each port of a Service that is served inside the cluster. Told only after the rules for them are in force: who
 * is let in there finds them. Used by one thread.
 */
final class MeshListeners {
    private static final Logger log = LoggerFactory.getLogger(MeshListeners.class);

    private final Gateway gateway;
    private final InetAddress address;
    private final Map<Integer, ServicePort> open = new HashMap<>();

    MeshListeners(Gateway gateway, InetAddress address) {
        this.gateway = gateway;
        this.address = address;
    }

    void listenAt(MeshPorts ports) {
        for (Map.Entry<Integer, ServicePort> known : List.copyOf(open.entrySet())) {
            if (!known.getValue().equals(ports.hosts().get(known.getKey()))) {
                gateway.stopListening(new InetSocketAddress(address, known.getKey()));
                open.remove(known.getKey());
                log.atInfo().addKeyValue("service", known.getValue().ruleHost()).log("Service is not served any more");
            }
        }
        ports.hosts().forEach((port, service) -> {
            if (!open.containsKey(port)) {
                listen(port, service);
            }
        });
    }

    /** Whoever leads traffic here looks first whether somebody listens, so a port that cannot be had harms nobody. */
    private void listen(int port, ServicePort service) {
        try {
            gateway.alsoListenFor(service.ruleHost(), new InetSocketAddress(address, port));
            open.put(port, service);
            log.atInfo()
                    .addKeyValue("service", service.ruleHost())
                    .addKeyValue("port", port)
                    .log("Service is served");
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("service", service.ruleHost())
                    .addKeyValue("port", port)
                    .setCause(e)
                    .log("Service cannot be served");
        }
    }
}
