package dev.linnet.machine.node.spec;

import dev.linnet.machine.address.LowPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which ports a Pod's containers really listen on. */
public final class PodPorts {

    /**
     * On a Pod: the ports that are not what the Pod says, {@code 80=20080,443=20443}. Endpoint slices and probes follow it.
     */
    public static final String ANNOTATION = "local.linnet.dev/ports";

    private PodPorts() {}

    /** containerPort to real port, of all containers of a Pod. */
    public static Map<Integer, Integer> of(Pod pod, LowPorts lowPorts) {
        Map<Integer, Integer> ports = new TreeMap<>();
        Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getContainerPort)
                .forEach(port -> ports.put(port, lowPorts.realPort(port)));
        return ports;
    }

    /** The text of {@link #ANNOTATION}; empty when all ports are as the Pod says. */
    public static Optional<String> annotation(Map<Integer, Integer> ports) {
        String text = new TreeMap<>(ports)
                .entrySet().stream()
                        .filter(port -> !port.getKey().equals(port.getValue()))
                        .map(port -> port.getKey() + "=" + port.getValue())
                        .collect(Collectors.joining(","));
        return Optional.of(text).filter(annotation -> !annotation.isEmpty());
    }

    /** The containerPort that a probe or hook means by a number or a name; empty when the container has no such port. */
    public static Optional<Integer> resolve(IntOrString port, Container container) {
        if (port.getIntVal() != null) {
            return Optional.of(port.getIntVal());
        }
        return container.getPorts().stream()
                .filter(declared -> port.getStrVal().equals(declared.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .or(() -> number(port.getStrVal()));
    }

    private static Optional<Integer> number(String text) {
        return text.matches("\\d{1,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }
}
