package dev.linnet.manifests.mesh;

import dev.linnet.manifests.mesh.IsolatingPolicy.Peer;
import dev.linnet.manifests.mesh.IsolatingPolicy.Rule;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.Collection;
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

    private final List<IsolatingPolicy> ingress;
    private final List<IsolatingPolicy> egress;
    private final Map<String, String> namespace;

    /** @param namespace labels of the namespace that all of this is in */
    Isolation(Collection<NetworkPolicy> policies, Map<String, String> namespace) {
        this.ingress = IsolatingPolicy.ingress(policies);
        this.egress = IsolatingPolicy.egress(policies);
        this.namespace = Map.copyOf(namespace);
    }

    /** A port of a Pod that callers of the Service meet. */
    private record Target(Pod pod, int number) {}

    /** In words; empty if all are let through. */
    Optional<String> refusal(Original service, Collection<Pod> pods) {
        Map<String, String> labels = new TreeMap<>(Takeover.selector(service));
        labels.put(Takeover.GATEWAY_LABEL, "true");
        List<Target> targets = targets(service, pods);
        List<IsolatingPolicy> outOfGateways = isolating(egress, labels);
        return targets.stream()
                .flatMap(target -> closed(target, labels).stream())
                .findFirst()
                .or(() -> targets.stream()
                        .filter(target -> !let(outOfGateways, target, labels(target.pod())))
                        .findFirst()
                        .map(_ -> names(outOfGateways) + " does not let gateways reach its Pods" + EXPECTED))
                .or(() -> callers(isolating(ingress, labels), targets));
    }

    private Optional<String> closed(Target target, Map<String, String> gateway) {
        List<IsolatingPolicy> around = isolating(ingress, labels(target.pod()));
        return let(around, target, gateway)
                ? Optional.empty()
                : Optional.of(names(around) + " does not admit gateways to port " + target.number() + " of Pod "
                        + target.pod().getMetadata().getName() + EXPECTED);
    }

    /** Whoever may call the Pods has to be admitted to gateways, too. */
    private Optional<String> callers(List<IsolatingPolicy> aroundGateways, List<Target> targets) {
        List<Rule> rules = rules(aroundGateways)
                .filter(rule -> isForGateways(rule.ports()))
                .toList();
        boolean everybody = aroundGateways.isEmpty()
                || rules.stream().anyMatch(rule -> rule.peers().isEmpty());
        Set<Peer> admitted =
                rules.stream().flatMap(rule -> rule.peers().stream()).collect(Collectors.toSet());
        return everybody || targets.stream().allMatch(target -> areAmong(admitted, target))
                ? Optional.empty()
                : Optional.of(names(aroundGateways) + " does not admit all callers to gateways" + EXPECTED);
    }

    /** Whether all that may call a Pod are among these peers. */
    private boolean areAmong(Set<Peer> admitted, Target target) {
        List<IsolatingPolicy> around = isolating(ingress, labels(target.pod()));
        return !around.isEmpty()
                && rules(around)
                        .filter(rule -> isFor(rule.ports(), target))
                        .noneMatch(rule -> rule.peers().isEmpty() || !admitted.containsAll(rule.peers()));
    }

    /**
     * Whether traffic to a port is let through.
     *
     * @param around those policies that isolate one of both
     * @param other  labels of the other one
     */
    private boolean let(List<IsolatingPolicy> around, Target target, Map<String, String> other) {
        return around.isEmpty()
                || rules(around)
                        .filter(rule -> isFor(rule.ports(), target))
                        .anyMatch(rule -> rule.peers().isEmpty()
                                || rule.peers().stream().anyMatch(peer -> peer.admits(other, namespace)));
    }

    private static List<IsolatingPolicy> isolating(List<IsolatingPolicy> policies, Map<String, String> pod) {
        return policies.stream().filter(policy -> policy.pods().takes(pod)).toList();
    }

    private static Stream<Rule> rules(List<IsolatingPolicy> policies) {
        return policies.stream().flatMap(policy -> policy.rules().stream());
    }

    private static String names(List<IsolatingPolicy> policies) {
        return policies.stream()
                .map(IsolatingPolicy::name)
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
        return pod.getSpec().getContainers().stream().flatMap(container -> IsolatingPolicy.each(container.getPorts()));
    }

    private static Map<String, String> labels(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels()).orElseGet(Map::of);
    }
}
