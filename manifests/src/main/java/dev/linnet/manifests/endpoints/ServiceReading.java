package dev.linnet.manifests.endpoints;

import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What of a Service counts for its endpoints.
 *
 * @param external whether it is of type ExternalName
 * @param ports    its TCP ports, in order
 */
public record ServiceReading(ServiceName name, boolean external, List<Port> ports) {
    public ServiceReading {
        ports = List.copyOf(ports);
    }

    /**
     * A port of a Service.
     *
     * @param name   empty if it has none
     * @param target number or name of the port of the Pods
     */
    public record Port(String name, int number, String target) {
        @Override
        public String toString() {
            return name.isEmpty() ? String.valueOf(number) : number + " " + name;
        }
    }

    public static ServiceReading of(Service service) {
        ObjectMeta meta = service.getMetadata();
        ServiceName name =
                new ServiceName(Optional.ofNullable(meta.getNamespace()).orElse("default"), meta.getName());
        Optional<ServiceSpec> spec = Optional.ofNullable(service.getSpec());
        boolean external =
                spec.map(ServiceSpec::getType).filter("ExternalName"::equals).isPresent();
        List<Port> ports = spec.map(ServiceSpec::getPorts).stream()
                .flatMap(List::stream)
                .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
                .map(ServiceReading::port)
                .toList();
        return new ServiceReading(name, external, ports);
    }

    private static Port port(ServicePort port) {
        int number = port.getPort();
        return new Port(
                Optional.ofNullable(port.getName()).orElse(""),
                number,
                Optional.ofNullable(port.getTargetPort())
                        .map(ServiceReading::text)
                        .orElseGet(() -> String.valueOf(number)));
    }

    private static String text(IntOrString target) {
        return Optional.ofNullable(target.getIntVal())
                .map(String::valueOf)
                .orElseGet(() -> Optional.ofNullable(target.getStrVal()).orElse(""));
    }

    /**
     * The port that an Ingress names by number or name, or, as ingress-nginx allows, by the Pods' port. A number or name of
     * the Service itself goes first, whatever the order of its ports.
     */
    public Optional<Port> port(String spelled) {
        if (spelled.equals(ServiceRef.FIRST_PORT)) {
            return ports.stream().findFirst();
        }
        return Stream.<Predicate<Port>>of(
                        port -> String.valueOf(port.number()).equals(spelled),
                        port -> port.name().equals(spelled),
                        port -> port.target().equals(spelled))
                .flatMap(meant -> ports.stream().filter(meant))
                .findFirst();
    }
}
