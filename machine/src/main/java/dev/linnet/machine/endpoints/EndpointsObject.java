package dev.linnet.machine.endpoints;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The older form of endpoints: one object per Service, without Pods that are about to end. */
final class EndpointsObject {
    private EndpointsObject() {}

    static Endpoints of(Service service, List<Pod> pods) {
        List<String> families = service.getSpec().getIpFamilies();
        String family = families == null || families.isEmpty() ? "IPv4" : families.getFirst();
        return new EndpointsBuilder()
                .withNewMetadata()
                .withName(service.getMetadata().getName())
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(ServiceLabels.forEndpoints(service))
                .endMetadata()
                .withSubsets(subsets(Backend.of(service, pods, family)))
                .build();
    }

    private static List<EndpointSubset> subsets(List<Backend> backends) {
        Map<List<PodPort>, List<Backend>> byPorts = new LinkedHashMap<>();
        for (Backend backend : backends) {
            if (!backend.terminating() || backend.ready()) {
                byPorts.computeIfAbsent(backend.ports(), _ -> new ArrayList<>()).add(backend);
            }
        }
        List<EndpointSubset> subsets = new ArrayList<>();
        byPorts.forEach((ports, group) -> subsets.add(new EndpointSubsetBuilder()
                .withAddresses(addresses(group, true))
                .withNotReadyAddresses(addresses(group, false))
                .withPorts(ports.stream().map(EndpointsObject::port).toList())
                .build()));
        return subsets;
    }

    private static List<EndpointAddress> addresses(List<Backend> backends, boolean ready) {
        return backends.stream()
                .filter(backend -> backend.ready() == ready)
                .sorted(Comparator.comparing(Backend::ip))
                .map(backend -> new EndpointAddressBuilder()
                        .withIp(backend.ip())
                        .withHostname(Backend.absentIfEmpty(backend.hostname()))
                        .withNodeName(backend.pod().getSpec().getNodeName())
                        .withTargetRef(backend.target())
                        .build())
                .toList();
    }

    private static EndpointPort port(PodPort port) {
        return new EndpointPortBuilder()
                .withName(Backend.absentIfEmpty(port.name()))
                .withProtocol(port.protocol())
                .withPort(port.port())
                .withAppProtocol(Backend.absentIfEmpty(port.appProtocol()))
                .build();
    }

    static boolean same(Endpoints one, Endpoints other) {
        return one.getSubsets().equals(other.getSubsets())
                && one.getMetadata().getLabels().equals(other.getMetadata().getLabels());
    }
}
