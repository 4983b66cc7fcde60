package dev.linnet.manifests.endpoints;

import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a Service counts for its endpoints.
 *
 * @param ports       its TCP ports, in order
 * @param loadBalance {@code linnet.dev/load-balance} as written; empty if it says nothing
 * @param twinOf      the Service whose real endpoints it stands for, while that one leads to gateways; empty for others
 * @param mesh        whether its traffic is to pass through gateways; empty if it leaves that to its namespace
 */
public record ServiceReading(
        ServiceName name, Kind kind, List<Port> ports, String loadBalance, String twinOf, Optional<Boolean> mesh) {
    /** On the headless twin of a Service whose traffic passes through gateways: the Service's name. */
    public static final String TWIN_LABEL = "linnet.dev/twin-of";

    /** As Istio goes by {@code appProtocol}, else by the beginning of the port's name (spec of Istio, §1.6). */
    private static final Pattern HTTP2 = Pattern.compile("kubernetes\\.io/h2c|http2(-.*)?|grpc(-(?!web(-|$)).*)?");

    private static final String LOAD_BALANCE = "linnet.dev/load-balance";

    public ServiceReading {
        ports = List.copyOf(ports);
    }

    /** Where a Service leads. */
    public sealed interface Kind {
        /** To Pods, also by an address of its own. */
        record Address(String address) implements Kind {}

        /** To Pods, by their addresses only. */
        record Headless() implements Kind {}

        /** To another name: type ExternalName. */
        record External(String host) implements Kind {}
    }

    /**
     * A port of a Service.
     *
     * @param name   empty if it has none
     * @param target number or name of the port of the Pods
     * @param http2  whether it says that HTTP/2 is spoken there
     */
    public record Port(String name, int number, String target, boolean http2) {
        /** One at which HTTP/1.1 is spoken. */
        public Port(String name, int number, String target) {
            this(name, number, target, false);
        }

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
        List<Port> ports = spec.map(ServiceSpec::getPorts).stream()
                .flatMap(List::stream)
                .filter(port -> port.getProtocol() == null || port.getProtocol().equals("TCP"))
                .map(ServiceReading::port)
                .toList();
        String loadBalance = Optional.ofNullable(meta.getAnnotations())
                .flatMap(annotations -> Optional.ofNullable(annotations.get(LOAD_BALANCE)))
                .map(String::strip)
                .orElse("");
        String twinOf = Optional.ofNullable(meta.getLabels())
                .flatMap(labels -> Optional.ofNullable(labels.get(TWIN_LABEL)))
                .orElse("");
        return new ServiceReading(
                name,
                spec.map(ServiceReading::kind).orElseGet(Kind.Headless::new),
                ports,
                loadBalance,
                twinOf,
                Takeover.said(meta));
    }

    /** All of these, by name. */
    public static Map<ServiceName, ServiceReading> byName(Collection<Service> services) {
        Map<ServiceName, ServiceReading> byName = new HashMap<>();
        services.stream().map(ServiceReading::of).forEach(service -> byName.put(service.name(), service));
        return byName;
    }

    private static Kind kind(ServiceSpec spec) {
        if ("ExternalName".equals(spec.getType())) {
            return new Kind.External(Optional.ofNullable(spec.getExternalName()).orElse(""));
        }
        return Optional.ofNullable(spec.getClusterIP())
                .filter(address -> !address.isEmpty() && !address.equals("None"))
                .<Kind>map(Kind.Address::new)
                .orElseGet(Kind.Headless::new);
    }

    private static Port port(ServicePort port) {
        int number = port.getPort();
        return new Port(
                Optional.ofNullable(port.getName()).orElse(""),
                number,
                Optional.ofNullable(port.getTargetPort())
                        .map(ServiceReading::text)
                        .orElseGet(() -> String.valueOf(number)),
                HTTP2.matcher(Optional.ofNullable(port.getAppProtocol())
                                .or(() -> Optional.ofNullable(port.getName()))
                                .orElse(""))
                        .matches());
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
