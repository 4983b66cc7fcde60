package dev.linnet.machine.node.spec;

import dev.linnet.machine.address.LowPorts;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The variables by which containers find Services: {@code WEB_SERVICE_HOST}, {@code WEB_SERVICE_PORT},
 * {@code WEB_PORT_80_TCP_ADDR}… as kubelet makes them. Values carry the port that is really listened on.
 */
public final class ServiceEnvironment {

    private static final String MASTER_NAMESPACE = "default";
    private static final String MASTER_SERVICE = "kubernetes";

    private ServiceEnvironment() {}

    /**
     * @param namespace of the Pod
     * @param links     whether the Pod wants its namespace's Services ({@code enableServiceLinks}); it always gets the API's
     */
    public static Map<String, String> of(
            String namespace, boolean links, Collection<Service> services, LowPorts lowPorts) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Service service : services) {
            if (hasAddress(service) && (isMaster(service) || (links && isIn(namespace, service)))) {
                add(service, lowPorts, environment);
            }
        }
        return environment;
    }

    private static boolean hasAddress(Service service) {
        String address = service.getSpec() == null ? null : service.getSpec().getClusterIP();
        return address != null && !address.isEmpty() && !address.equals("None");
    }

    private static boolean isMaster(Service service) {
        return isIn(MASTER_NAMESPACE, service)
                && service.getMetadata().getName().equals(MASTER_SERVICE);
    }

    private static boolean isIn(String namespace, Service service) {
        return namespace.equals(service.getMetadata().getNamespace());
    }

    private static void add(Service service, LowPorts lowPorts, Map<String, String> environment) {
        List<ServicePort> ports = service.getSpec().getPorts();
        if (ports.isEmpty()) {
            return;
        }
        String prefix = variable(service.getMetadata().getName());
        String host = service.getSpec().getClusterIP();
        environment.put(prefix + "_SERVICE_HOST", host);
        environment.put(prefix + "_SERVICE_PORT", real(ports.getFirst(), lowPorts));
        for (ServicePort port : ports) {
            if (port.getName() != null && !port.getName().isEmpty()) {
                environment.put(prefix + "_SERVICE_PORT_" + variable(port.getName()), real(port, lowPorts));
            }
        }
        environment.put(prefix + "_PORT", url(host, ports.getFirst(), lowPorts));
        for (ServicePort port : ports) {
            String portPrefix = prefix + "_PORT_" + port.getPort() + "_" + protocol(port);
            environment.put(portPrefix, url(host, port, lowPorts));
            environment.put(portPrefix + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            environment.put(portPrefix + "_PORT", real(port, lowPorts));
            environment.put(portPrefix + "_ADDR", host);
        }
    }

    private static String url(String host, ServicePort port, LowPorts lowPorts) {
        return protocol(port).toLowerCase(Locale.ROOT) + "://" + host + ":" + real(port, lowPorts);
    }

    private static String real(ServicePort port, LowPorts lowPorts) {
        return Integer.toString(lowPorts.realPort(port.getPort()));
    }

    private static String protocol(ServicePort port) {
        return Objects.requireNonNullElse(port.getProtocol(), "TCP");
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
