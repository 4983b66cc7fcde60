package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The Services of a release whose target is itself a Service, for Pods that somebody else runs: the canary's is what the target says, the
 * primary's what it said when it was last promoted. The target is its author's and never written.
 *
 * @param target   what is released
 * @param names    of the release
 * @param prefixes prefixes of the target's labels and annotations that its copies carry too
 * @param owner    the Canary
 */
public record SpreadServices(Service target, Names names, List<String> prefixes, OwnerReference owner) {

    public SpreadServices {
        prefixes = List.copyOf(prefixes);
    }

    public String primaryName() {
        return names.service() + "-primary";
    }

    public String canaryName() {
        return names.service() + "-canary";
    }

    /** One that is not there yet. */
    public Service create(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(Ownership.kept(target.getMetadata().getLabels(), prefixes))
                .withAnnotations(
                        Ownership.leftAlone(Ownership.kept(target.getMetadata().getAnnotations(), prefixes)))
                .withOwnerReferences(owner)
                .endMetadata()
                .withSpec(plain(target.getSpec()))
                .build();
    }

    /** One that is there, with what the target says now; equal to it if it says so already. It keeps its addresses and its node ports. */
    public Service like(Service live) {
        ServiceSpec spec = plain(target.getSpec());
        spec.setClusterIP(live.getSpec().getClusterIP());
        spec.setClusterIPs(live.getSpec().getClusterIPs());
        spec.setHealthCheckNodePort(live.getSpec().getHealthCheckNodePort());
        Map<String, Integer> nodePorts = new HashMap<>();
        live.getSpec()
                .getPorts()
                .forEach(port -> nodePorts.put(Objects.requireNonNullElse(port.getName(), ""), port.getNodePort()));
        for (ServicePort port : spec.getPorts()) {
            port.setNodePort(nodePorts.get(Objects.requireNonNullElse(port.getName(), "")));
        }
        return new ServiceBuilder(live).withSpec(spec).build();
    }

    /** Whether a Service says what the target says. */
    public boolean isSaidBy(Service other) {
        return revision(other).equals(revision(target));
    }

    /** What identifies what a Service says. */
    public static String revision(Service service) {
        return Revisions.of(plain(service.getSpec()));
    }

    /** Without what the API server has given out. */
    private static ServiceSpec plain(ServiceSpec spec) {
        ServiceSpec plain = new ServiceSpecBuilder(spec)
                .withClusterIP("None".equals(spec.getClusterIP()) ? "None" : null)
                .withClusterIPs(List.of())
                .withHealthCheckNodePort(null)
                .build();
        plain.getPorts().forEach(port -> port.setNodePort(null));
        return plain;
    }
}
