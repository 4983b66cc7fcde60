package dev.linnet.machine.endpoints;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A port of a Service as one Pod serves it.
 *
 * @param name        of the Service's port, empty if it has none
 * @param protocol    TCP, UDP or SCTP
 * @param port        where the Pod really listens
 * @param appProtocol empty if not said
 */
record PodPort(String name, String protocol, int port, String appProtocol) {

    /**
     * Written by a node agent that had to listen elsewhere than the container port says, because low ports could not be
     * bound: {@code 80=20080,443=20443}.
     */
    static final String REAL_PORTS = "local.linnet.dev/ports";

    /** In the Service's order. A named target port that the Pod does not have is left out. */
    static List<PodPort> of(Service service, Pod pod) {
        List<PodPort> ports = new ArrayList<>();
        for (ServicePort port : service.getSpec().getPorts()) {
            String protocol = orElse(port.getProtocol(), "TCP");
            containerPort(port, protocol, pod)
                    .map(number -> realPort(pod, number))
                    .ifPresent(number -> ports.add(new PodPort(
                            orElse(port.getName(), ""), protocol, number, orElse(port.getAppProtocol(), ""))));
        }
        return ports;
    }

    static String orElse(@Nullable String text, String otherwise) {
        return text == null || text.isEmpty() ? otherwise : text;
    }

    private static Optional<Integer> containerPort(ServicePort port, String protocol, Pod pod) {
        IntOrString target = port.getTargetPort();
        if (target == null) {
            return Optional.of(port.getPort());
        }
        if (target.getIntVal() != null) {
            return Optional.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
        }
        return Stream.concat(pod.getSpec().getContainers().stream(), sidecars(pod))
                .flatMap(container -> container.getPorts().stream())
                .filter(each -> target.getStrVal().equals(each.getName()))
                .filter(each -> protocol.equals(orElse(each.getProtocol(), "TCP")))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    /** Init containers that keep running beside the others. */
    private static Stream<Container> sidecars(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()));
    }

    private static int realPort(Pod pod, int containerPort) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String moved = annotations == null ? "" : annotations.getOrDefault(REAL_PORTS, "");
        for (String pair : moved.split(",", -1)) {
            String[] sides = pair.strip().split("=", -1);
            if (sides.length == 2 && sides[0].equals(Integer.toString(containerPort))) {
                return Integer.parseInt(sides[1]);
            }
        }
        return containerPort;
    }
}
