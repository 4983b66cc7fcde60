package dev.linnet.gateway.status;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressPortStatus;
import io.fabric8.kubernetes.api.model.networking.v1.IngressPortStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out what is to be published, sorted, as ingress-nginx does (spec, §5.5). */
final class Addresses {
    /** They differ between Pods that do the same. */
    private static final Set<String> LABELS_OF_ONE =
            Set.of("controller-revision-hash", "pod-template-generation", "pod-template-hash");

    private final KubernetesClient client;
    private final Published published;

    Addresses(KubernetesClient client, Published published) {
        this.client = client;
        this.published = published;
    }

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException if the API does not say */
    List<IngressLoadBalancerIngress> find() {
        return switch (published) {
            case Published.Fixed(List<String> addresses) -> of(addresses.stream(), List.of());
            case Published.Here here -> of(here);
            case Published.OfService(String namespace, String name) ->
                Optional.ofNullable(client.services()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(service -> of(ofService(service), List.of()))
                        .orElseGet(List::of);
            case Published.OfNodes(String namespace, String name, Published.Here otherwise) ->
                Optional.ofNullable(client.pods()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(pod -> of(ofNodes(pod), List.of()))
                        .orElseGet(() -> of(otherwise));
        };
    }

    private static List<IngressLoadBalancerIngress> of(Published.Here here) {
        InetSocketAddress listens = here.listens().get();
        if (listens.getPort() == 0) {
            return List.of();
        }
        IngressPortStatus port = new IngressPortStatusBuilder()
                .withPort(listens.getPort())
                .withProtocol("TCP")
                .build();
        return of(Stream.of(listens.getAddress().getHostAddress()), List.of(port));
    }

    private static List<IngressLoadBalancerIngress> of(Stream<String> addresses, List<IngressPortStatus> ports) {
        return addresses
                .distinct()
                .sorted()
                .map(address -> {
                    var builder = new IngressLoadBalancerIngressBuilder().withPorts(ports);
                    return isIp(address)
                            ? builder.withIp(address).build()
                            : builder.withHostname(address).build();
                })
                .toList();
    }

    private static boolean isIp(String address) {
        return address.indexOf(':') >= 0 || address.matches("[0-9.]+");
    }

    static Stream<String> ofService(Service service) {
        ServiceSpec spec = service.getSpec();
        Stream<String> external = orEmpty(spec.getExternalIPs()).stream();
        return switch (Optional.ofNullable(spec.getType()).orElse("ClusterIP")) {
            case "ExternalName" -> Stream.ofNullable(spec.getExternalName());
            case "LoadBalancer" -> Stream.concat(ofLoadBalancer(service), external);
            case "NodePort" -> orEmpty(spec.getExternalIPs()).isEmpty() ? clusterIp(spec) : external;
            default -> clusterIp(spec);
        };
    }

    private static Stream<String> ofLoadBalancer(Service service) {
        return Optional.ofNullable(service.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getLoadBalancer()))
                .flatMap(balancer -> Optional.ofNullable(balancer.getIngress()))
                .orElseGet(List::of)
                .stream()
                .flatMap(Addresses::ofLoadBalancer);
    }

    private static Stream<String> ofLoadBalancer(LoadBalancerIngress address) {
        return Stream.of(Optional.ofNullable(address.getIp()), Optional.ofNullable(address.getHostname()))
                .flatMap(Optional::stream)
                .filter(text -> !text.isEmpty())
                .limit(1);
    }

    private static Stream<String> clusterIp(ServiceSpec spec) {
        return Stream.ofNullable(spec.getClusterIP()).filter(ip -> !ip.isEmpty() && !ip.equals("None"));
    }

    private Stream<String> ofNodes(Pod own) {
        Map<String, String> labels =
                new HashMap<>(Optional.ofNullable(own.getMetadata().getLabels()).orElseGet(Map::of));
        labels.keySet().removeAll(LABELS_OF_ONE);
        LabelSelector alike = new LabelSelectorBuilder().withMatchLabels(labels).build();
        return client
                .pods()
                .inNamespace(own.getMetadata().getNamespace())
                .withLabelSelector(alike)
                .list()
                .getItems()
                .stream()
                .filter(Readiness::isPodReady)
                .flatMap(pod -> Stream.ofNullable(pod.getSpec().getNodeName()))
                .distinct()
                .flatMap(name -> Stream.ofNullable(client.nodes().withName(name).get()))
                .flatMap(Addresses::ofNode);
    }

    /** The external one, else the internal one. */
    static Stream<String> ofNode(Node node) {
        return Stream.of("ExternalIP", "InternalIP")
                .flatMap(type -> orEmpty(node.getStatus().getAddresses()).stream()
                        .filter(address -> type.equals(address.getType())))
                .flatMap(address -> Stream.ofNullable(address.getAddress()))
                .limit(1);
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return Optional.ofNullable(list).orElseGet(List::of);
    }
}
