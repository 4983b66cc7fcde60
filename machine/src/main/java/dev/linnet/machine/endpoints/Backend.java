package dev.linnet.machine.endpoints;

import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodReadiness;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Pod behind a Service.
 *
 * @param pod         the Pod
 * @param ip          its address in the asked family
 * @param hostname    its own name within a headless Service, empty if it has none
 * @param ports       the Service's ports as this Pod serves them
 * @param ready       takes new connections; never while it is told to end, so that it is drained first
 * @param serving     answers, even if it is about to end
 * @param terminating was told to end
 */
record Backend(
        Pod pod, String ip, String hostname, List<PodPort> ports, boolean ready, boolean serving, boolean terminating) {
    Backend {
        ports = List.copyOf(ports);
    }

    /** The Pods that have an address and have not ended, by name. {@code family} is {@code IPv4} or {@code IPv6}. */
    static List<Backend> of(Service service, List<Pod> pods, String family) {
        List<Backend> backends = new ArrayList<>();
        for (Pod pod : pods) {
            if (!PodReadiness.isFinished(pod)) {
                address(pod, family).ifPresent(ip -> backends.add(of(service, pod, ip)));
            }
        }
        backends.sort(Comparator.comparing(each -> each.pod().getMetadata().getName()));
        return backends;
    }

    private static Backend of(Service service, Pod pod, String ip) {
        boolean serving = PodReadiness.isReady(pod);
        boolean terminating = Owners.isBeingDeleted(pod);
        boolean anyway = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        boolean named = service.getMetadata().getName().equals(pod.getSpec().getSubdomain());
        return new Backend(
                pod,
                ip,
                named ? PodPort.orElse(pod.getSpec().getHostname(), "") : "",
                PodPort.of(service, pod),
                anyway || (serving && !terminating),
                serving,
                terminating);
    }

    private static Optional<String> address(Pod pod, String family) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        List<String> ips = new ArrayList<>(
                pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList());
        if (ips.isEmpty() && pod.getStatus().getPodIP() != null) {
            ips.add(pod.getStatus().getPodIP());
        }
        return ips.stream()
                .filter(ip -> !ip.isEmpty() && ip.contains(":") == family.equals("IPv6"))
                .findFirst();
    }

    ObjectReference target() {
        return new ObjectReferenceBuilder()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .build();
    }

    Endpoint endpoint() {
        return new EndpointBuilder()
                .withAddresses(ip)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .withHostname(absentIfEmpty(hostname))
                .withNodeName(pod.getSpec().getNodeName())
                .withTargetRef(target())
                .build();
    }

    static @Nullable String absentIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
