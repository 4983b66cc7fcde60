package dev.linnet.manifests.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.gatewayapi.LabelSelector;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether NetworkPolicies of a namespace let callers reach its gateways, and those the Pods of a Service: traffic that somebody has forbidden,
 * on purpose or not, must not be lost by being led another way. What cannot be told (blocks of addresses) is taken for forbidden.
 */
final class Isolation {
    private static final String EXPECTED =
            " (expected: one that does, for Pods with " + Takeover.GATEWAY_LABEL + ": \"true\")";

    private final Collection<NetworkPolicy> policies;
    private final Map<String, String> namespace;

    /** @param namespace labels of the namespace that all of this is in */
    Isolation(Collection<NetworkPolicy> policies, Map<String, String> namespace) {
        this.policies = List.copyOf(policies);
        this.namespace = Map.copyOf(namespace);
    }

    /**
     * A rule of a policy, for either direction: whom it admits at which ports.
     *
     * @param peers nobody in particular means everybody
     * @param ports none means all
     */
    private record Rule(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {}

    private enum Direction {
        INGRESS("Ingress"),
        EGRESS("Egress");

        private final String type;

        Direction(String type) {
            this.type = type;
        }
    }

    /** A port of a Pod that callers of the Service meet. */
    private record Target(Pod pod, int number) {}

    /** In words; empty if all are let through. */
    Optional<String> refusal(Original service, Collection<Pod> pods) {
        Map<String, String> gateway = new TreeMap<>(Takeover.selector(service));
        gateway.put(Takeover.GATEWAY_LABEL, "true");
        List<Target> targets = targets(service, pods);
        return targets.stream()
                .filter(target -> !lets(Direction.INGRESS, labels(target.pod()), gateway, target))
                .findFirst()
                .map(target -> names(Direction.INGRESS, labels(target.pod())) + " does not admit gateways to port "
                        + target.number() + " of Pod "
                        + target.pod().getMetadata().getName() + EXPECTED)
                .or(() -> targets.stream()
                        .filter(target -> !lets(Direction.EGRESS, gateway, labels(target.pod()), target))
                        .findFirst()
                        .map(_ ->
                                names(Direction.EGRESS, gateway) + " does not let gateways reach its Pods" + EXPECTED))
                .or(() -> callers(gateway, targets));
    }

    /** Whoever may call the Pods has to be admitted to gateways, too. */
    private Optional<String> callers(Map<String, String> gateway, List<Target> targets) {
        List<Rule> rules = rules(Direction.INGRESS, gateway);
        boolean everybody = isolating(Direction.INGRESS, gateway).isEmpty()
                || rules.stream().anyMatch(rule -> rule.peers().isEmpty() && isForGateways(rule.ports()));
        if (everybody) {
            return Optional.empty();
        }
        Set<NetworkPolicyPeer> admitted = rules.stream()
                .filter(rule -> isForGateways(rule.ports()))
                .flatMap(rule -> rule.peers().stream())
                .collect(Collectors.toSet());
        boolean all = targets.stream().allMatch(target -> admitted.containsAll(callers(target)))
                && targets.stream().noneMatch(this::isOpen);
        return all
                ? Optional.empty()
                : Optional.of(names(Direction.INGRESS, gateway) + " does not admit all callers to gateways" + EXPECTED);
    }

    private boolean isOpen(Target target) {
        return isolating(Direction.INGRESS, labels(target.pod())).isEmpty()
                || rules(Direction.INGRESS, labels(target.pod())).stream()
                        .anyMatch(rule -> rule.peers().isEmpty() && isFor(rule.ports(), target));
    }

    private Set<NetworkPolicyPeer> callers(Target target) {
        return rules(Direction.INGRESS, labels(target.pod())).stream()
                .filter(rule -> isFor(rule.ports(), target))
                .flatMap(rule -> rule.peers().stream())
                .collect(Collectors.toSet());
    }

    /** @param isolated labels of the Pods that policies select, {@code other} those of their peers */
    private boolean lets(Direction direction, Map<String, String> isolated, Map<String, String> other, Target target) {
        return isolating(direction, isolated).isEmpty()
                || rules(direction, isolated).stream()
                        .anyMatch(rule -> isFor(rule.ports(), target)
                                && (rule.peers().isEmpty()
                                        || rule.peers().stream().anyMatch(peer -> admits(peer, other))));
    }

    private boolean admits(NetworkPolicyPeer peer, Map<String, String> pod) {
        if (peer.getIpBlock() != null) {
            boolean all = Set.of("0.0.0.0/0", "::/0").contains(peer.getIpBlock().getCidr());
            return all
                    && (peer.getIpBlock().getExcept() == null
                            || peer.getIpBlock().getExcept().isEmpty());
        }
        return (peer.getNamespaceSelector() == null || takes(peer.getNamespaceSelector(), namespace))
                && (peer.getPodSelector() == null || takes(peer.getPodSelector(), pod));
    }

    private static boolean takes(Object selector, Map<String, String> labels) {
        return new LabelSelector(Original.JSON.<JsonNode>valueToTree(selector)).takes(labels);
    }

    private List<NetworkPolicy> isolating(Direction direction, Map<String, String> pod) {
        return policies.stream()
                .filter(policy -> types(policy).contains(direction.type)
                        && takes(policy.getSpec().getPodSelector(), pod))
                .toList();
    }

    /** As the API fills it in: always Ingress, Egress where there is a rule for it. */
    private static Set<String> types(NetworkPolicy policy) {
        List<String> said = policy.getSpec().getPolicyTypes();
        if (said != null && !said.isEmpty()) {
            return Set.copyOf(said);
        }
        Set<String> types = new HashSet<>(Set.of(Direction.INGRESS.type));
        if (policy.getSpec().getEgress() != null
                && !policy.getSpec().getEgress().isEmpty()) {
            types.add(Direction.EGRESS.type);
        }
        return types;
    }

    private List<Rule> rules(Direction direction, Map<String, String> pod) {
        List<Rule> rules = new ArrayList<>();
        for (NetworkPolicy policy : isolating(direction, pod)) {
            switch (direction) {
                case INGRESS ->
                    each(policy.getSpec().getIngress())
                            .forEach(rule -> rules.add(new Rule(list(rule.getFrom()), list(rule.getPorts()))));
                case EGRESS ->
                    each(policy.getSpec().getEgress())
                            .forEach(rule -> rules.add(new Rule(list(rule.getTo()), list(rule.getPorts()))));
            }
        }
        return rules;
    }

    private static <T> List<T> list(@org.jspecify.annotations.Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <T> Stream<T> each(@org.jspecify.annotations.Nullable List<T> list) {
        return list(list).stream();
    }

    private String names(Direction direction, Map<String, String> pod) {
        return isolating(direction, pod).stream()
                .map(policy -> policy.getMetadata().getName())
                .sorted()
                .collect(Collectors.joining(", ", "NetworkPolicy ", ""));
    }

    private static boolean isFor(List<NetworkPolicyPort> ports, Target target) {
        return ports.isEmpty() || ports.stream().anyMatch(port -> isTcp(port) && covers(port, target));
    }

    /** Which of their ports will be given out is not known yet. */
    private static boolean isForGateways(List<NetworkPolicyPort> ports) {
        return ports.isEmpty() || ports.stream().anyMatch(port -> isTcp(port) && coversGateways(port));
    }

    private static boolean coversGateways(NetworkPolicyPort port) {
        IntOrString first = port.getPort();
        if (first == null) {
            return true;
        }
        return port.getEndPort() != null
                && first.getIntVal() != null
                && first.getIntVal() <= MeshPort.FIRST
                && port.getEndPort() >= MeshPort.LAST;
    }

    private static boolean isTcp(NetworkPolicyPort port) {
        return port.getProtocol() == null || port.getProtocol().equals("TCP");
    }

    private static boolean covers(NetworkPolicyPort port, Target target) {
        IntOrString wanted = port.getPort();
        if (wanted == null) {
            return true;
        }
        if (wanted.getIntVal() == null) {
            return containerPorts(target.pod())
                    .anyMatch(each -> wanted.getStrVal().equals(each.getName())
                            && each.getContainerPort().equals(target.number()));
        }
        int end = port.getEndPort() == null ? wanted.getIntVal() : port.getEndPort();
        return wanted.getIntVal() <= target.number() && target.number() <= end;
    }

    private static List<Target> targets(Original service, Collection<Pod> pods) {
        List<Target> targets = new ArrayList<>();
        for (Pod pod : pods) {
            service.servicePorts().forEach(port -> {
                IntOrString target = port.getTargetPort();
                if (target == null) {
                    targets.add(new Target(pod, port.getPort()));
                } else if (target.getIntVal() != null) {
                    targets.add(new Target(pod, target.getIntVal()));
                } else {
                    containerPorts(pod)
                            .filter(each -> target.getStrVal().equals(each.getName()))
                            .forEach(each -> targets.add(new Target(pod, each.getContainerPort())));
                }
            });
        }
        return targets;
    }

    private static Stream<ContainerPort> containerPorts(Pod pod) {
        return pod.getSpec().getContainers().stream().flatMap(container -> each(container.getPorts()));
    }

    private static Map<String, String> labels(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels()).orElseGet(Map::of);
    }
}
