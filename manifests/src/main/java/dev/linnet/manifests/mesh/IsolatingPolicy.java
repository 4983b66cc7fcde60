package dev.linnet.manifests.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.gatewayapi.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy, read for one direction: it isolates some Pods, and lets them speak with whom its rules admit.
 *
 * @param pods that it isolates
 */
record IsolatingPolicy(String name, LabelSelector pods, List<Rule> rules) {
    private static final String INGRESS = "Ingress";
    private static final String EGRESS = "Egress";

    IsolatingPolicy {
        rules = List.copyOf(rules);
    }

    /**
     * Whom it admits at which ports.
     *
     * @param peers nobody in particular means everybody
     * @param ports none means all
     */
    record Rule(List<Peer> peers, List<NetworkPolicyPort> ports) {
        Rule {
            peers = List.copyOf(peers);
            ports = List.copyOf(ports);
        }

        private static Rule of(@Nullable List<NetworkPolicyPeer> peers, @Nullable List<NetworkPolicyPort> ports) {
            return new Rule(each(peers).map(Peer::of).toList(), each(ports).toList());
        }
    }

    /** Whom a rule names: a block of addresses, or Pods by labels of theirs and of their namespaces. */
    record Peer(Optional<IPBlock> block, Optional<LabelSelector> namespaces, Optional<LabelSelector> pods) {
        private static Peer of(NetworkPolicyPeer peer) {
            return new Peer(
                    Optional.ofNullable(peer.getIpBlock()),
                    Optional.ofNullable(peer.getNamespaceSelector()).map(IsolatingPolicy::selector),
                    Optional.ofNullable(peer.getPodSelector()).map(IsolatingPolicy::selector));
        }

        /** Which Pods have an address of a block cannot be told, unless it is all addresses. */
        boolean admits(Map<String, String> pod, Map<String, String> namespace) {
            if (block.isPresent()) {
                return Set.of("0.0.0.0/0", "::/0").contains(block.get().getCidr())
                        && each(block.get().getExcept()).findAny().isEmpty();
            }
            return namespaces.filter(selector -> !selector.takes(namespace)).isEmpty()
                    && pods.filter(selector -> !selector.takes(pod)).isEmpty();
        }
    }

    /** Those that isolate Pods from who calls them. */
    static List<IsolatingPolicy> ingress(Collection<NetworkPolicy> policies) {
        return policies.stream()
                .filter(policy -> types(policy).contains(INGRESS))
                .map(policy -> of(
                        policy,
                        each(policy.getSpec().getIngress()).map(rule -> Rule.of(rule.getFrom(), rule.getPorts()))))
                .toList();
    }

    /** Those that isolate Pods from whom they call. */
    static List<IsolatingPolicy> egress(Collection<NetworkPolicy> policies) {
        return policies.stream()
                .filter(policy -> types(policy).contains(EGRESS))
                .map(policy -> of(
                        policy, each(policy.getSpec().getEgress()).map(rule -> Rule.of(rule.getTo(), rule.getPorts()))))
                .toList();
    }

    private static IsolatingPolicy of(NetworkPolicy policy, Stream<Rule> rules) {
        return new IsolatingPolicy(
                policy.getMetadata().getName(), selector(policy.getSpec().getPodSelector()), rules.toList());
    }

    private static LabelSelector selector(Object written) {
        return new LabelSelector(Original.JSON.<JsonNode>valueToTree(written));
    }

    /** As the API fills it in: always Ingress, Egress where there is a rule for it. */
    private static Set<String> types(NetworkPolicy policy) {
        List<String> said = policy.getSpec().getPolicyTypes();
        if (said != null && !said.isEmpty()) {
            return Set.copyOf(said);
        }
        return each(policy.getSpec().getEgress()).findAny().isPresent() ? Set.of(INGRESS, EGRESS) : Set.of(INGRESS);
    }

    /** None where the API has none. */
    static <T> Stream<T> each(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
