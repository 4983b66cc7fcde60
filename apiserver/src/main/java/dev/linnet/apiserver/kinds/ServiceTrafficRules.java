package dev.linnet.apiserver.kinds;

import java.util.List;

/** What a Service may say about traffic from outside, load balancers, and which endpoints get what. */
final class ServiceTrafficRules {
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final String ONLY_BALANCER = "may only be used when `type` is 'LoadBalancer'";

    private ServiceTrafficRules() {}

    /** @param external whether anybody outside of the cluster is to reach it */
    static void check(Field spec, boolean external, Violations violations) {
        checkBalancer(spec, violations);
        Field policy = spec.at("externalTrafficPolicy");
        if (external) {
            violations.oneOf(policy, POLICIES);
        } else if (!policy.isZero()) {
            violations.invalid(policy, "may only be set for externally-accessible services");
        }
        boolean checked = isBalancer(spec) && external && policy.text().equals("Local");
        Field health = spec.at("healthCheckNodePort");
        if (!health.isZero() && !checked) {
            violations.invalid(
                    health, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        } else if (!health.isZero()) {
            violations.invalid(health, Names.portNumber(health.number()));
        }
        violations.noneOrOneOf(spec.at("internalTrafficPolicy"), POLICIES);
        violations.noneOrOneOf(spec.at("trafficDistribution"), List.of("PreferClose"));
    }

    private static boolean isBalancer(Field spec) {
        return spec.at("type").text().equals("LoadBalancer");
    }

    private static void checkBalancer(Field spec, Violations violations) {
        boolean balancer = isBalancer(spec);
        // The capital letter is a real server's.
        Field ranges = new Field(spec.at("loadBalancerSourceRanges").value(), "spec.LoadBalancerSourceRanges");
        if (ranges.size() > 0 && !balancer) {
            violations.forbidden(ranges, ONLY_BALANCER);
        }
        for (Field range : ranges.items()) {
            String text = range.text().strip();
            violations.invalid(range, text, IpAddresses.cidr(text));
        }
        if (spec.at("allocateLoadBalancerNodePorts").isSet() && !balancer) {
            violations.forbidden(spec.at("allocateLoadBalancerNodePorts"), ONLY_BALANCER);
        }
        Field kind = spec.at("loadBalancerClass");
        if (kind.isSet() && !balancer) {
            violations.forbidden(kind, ONLY_BALANCER);
        } else if (kind.isSet()) {
            violations.invalid(kind, Names.qualifiedName(kind.text()));
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        Field kind = after.at("loadBalancerClass");
        if (isBalancer(before)
                && isBalancer(after)
                && !before.at("loadBalancerClass").text().equals(kind.text())) {
            violations.invalid(kind, "may not change once set");
        }
    }
}
