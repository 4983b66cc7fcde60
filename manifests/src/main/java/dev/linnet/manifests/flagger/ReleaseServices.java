package dev.linnet.manifests.flagger;

import dev.linnet.manifests.flagger.CanaryService.Marks;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The three Services of a release: the one that callers use, and one for each version.
 *
 * @param names   how they are called
 * @param plan    how they look
 * @param label   by which they select
 * @param pods    the workload's Pods, whose other ports may be offered too
 * @param owner   the Canary
 */
public record ReleaseServices(
        Names names, CanaryService plan, SelectorLabel label, PodSpec pods, OwnerReference owner) {
    private static final Set<String> SIDECARS = Set.of("istio-proxy", "envoy");

    /** One of the three. */
    public enum Which {
        APEX,
        PRIMARY,
        CANARY
    }

    public String name(Which which) {
        return switch (which) {
            case APEX -> names.service();
            case PRIMARY -> names.service() + "-primary";
            case CANARY -> names.service() + "-canary";
        };
    }

    /** One that is not there yet. */
    public Service create(Which which) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name(which))
                .withNamespace(names.namespace())
                .withLabels(labels(which))
                .withAnnotations(Ownership.leftAlone(marks(which).annotations()))
                .withOwnerReferences(owner)
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP(plan.headless() ? "None" : null)
                .withTrafficDistribution(plan.distribution().orElse(null))
                .withSelector(selector(which))
                .withPorts(ports())
                .endSpec()
                .build();
    }

    /** One that is there, with the ports and the selector that it should have; equal to it if it has them. */
    public Service mend(Which which, Service live) {
        return mend(which, live, selector(which));
    }

    /** The Service that callers use, with the Pods of the target. */
    public Service pointedAtTarget(Service live) {
        return mend(Which.APEX, live, Map.of(label.key(), label.value()));
    }

    private Service mend(Which which, Service live, Map<String, String> selector) {
        ServiceBuilder mended = new ServiceBuilder(live)
                .editSpec()
                .withSelector(selector)
                .withPorts(keepingNodePorts(live))
                .endSpec();
        if (!Ownership.controls(owner, live)) {
            return mended.build().getSpec().equals(live.getSpec()) ? live : AdoptedService.adopted(live, mended);
        }
        mended.editMetadata()
                .withLabels(kept(
                        labels(which),
                        live.getMetadata().getLabels(),
                        plan.unmanaged().labels()))
                .withAnnotations(kept(
                        Ownership.leftAlone(marks(which).annotations()),
                        live.getMetadata().getAnnotations(),
                        plan.unmanaged().annotations()))
                .endMetadata();
        return mended.build();
    }

    /** The Service that callers use once its Canary is gone: as it was before, where it was there before; else it stays for the target. */
    public Service given(Service live) {
        if (!Ownership.controls(owner, live)) {
            return AdoptedService.reverted(live, Map.of(label.key(), label.value()));
        }
        return new ServiceBuilder(pointedAtTarget(live))
                .editMetadata()
                .withOwnerReferences(List.of())
                .endMetadata()
                .build();
    }

    private static Map<String, String> kept(
            Map<String, String> wanted,
            @org.jspecify.annotations.Nullable Map<String, String> live,
            List<String> unmanaged) {
        Map<String, String> all = new TreeMap<>(wanted);
        for (String key : unmanaged) {
            all.remove(key);
            if (live != null && live.containsKey(key)) {
                all.put(key, live.get(key));
            }
        }
        return all;
    }

    private List<ServicePort> keepingNodePorts(Service live) {
        Map<String, Integer> nodePorts = new HashMap<>();
        live.getSpec().getPorts().forEach(port -> {
            if (port.getNodePort() != null) {
                nodePorts.put(Objects.requireNonNullElse(port.getName(), ""), port.getNodePort());
            }
        });
        return ports().stream()
                .map(port -> nodePorts.containsKey(port.getName())
                        ? new ServicePortBuilder(port)
                                .withNodePort(nodePorts.get(port.getName()))
                                .build()
                        : port)
                .toList();
    }

    private Map<String, String> selector(Which which) {
        return Map.of(label.key(), which == Which.CANARY ? label.value() : label.primaryValue());
    }

    private Map<String, String> labels(Which which) {
        Map<String, String> labels = new TreeMap<>(marks(which).labels());
        labels.put(label.key(), name(which));
        return labels;
    }

    private Marks marks(Which which) {
        return switch (which) {
            case APEX -> plan.apex();
            case PRIMARY -> plan.primary();
            case CANARY -> plan.canary();
        };
    }

    private List<ServicePort> ports() {
        List<ServicePort> ports = new ArrayList<>();
        ports.add(new ServicePortBuilder()
                .withName(plan.portName())
                .withProtocol("TCP")
                .withPort(plan.port())
                .withTargetPort(plan.targetPort())
                .withAppProtocol(plan.appProtocol().orElse(null))
                .build());
        if (plan.discovers()) {
            Map<String, ServicePort> found = new TreeMap<>();
            for (Container container : pods.getContainers()) {
                if (!SIDECARS.contains(container.getName())) {
                    discover(container, found);
                }
            }
            ports.addAll(found.values());
        }
        return ports;
    }

    private void discover(Container container, Map<String, ServicePort> found) {
        List<ContainerPort> ports = container.getPorts();
        for (int i = 0; i < ports.size(); i++) {
            ContainerPort port = ports.get(i);
            if (isServed(port)) {
                continue;
            }
            String name = Objects.requireNonNullElse(port.getName(), "tcp-" + container.getName() + "-" + i);
            found.put(
                    name,
                    new ServicePortBuilder()
                            .withName(name)
                            .withProtocol(Objects.requireNonNullElse(port.getProtocol(), "TCP"))
                            .withPort(port.getContainerPort())
                            .withTargetPort(new IntOrString(port.getContainerPort()))
                            .build());
        }
    }

    private boolean isServed(ContainerPort port) {
        IntOrString target = plan.targetPort();
        return target.getStrVal() != null
                ? target.getStrVal().equals(port.getName())
                : port.getContainerPort().equals(target.getIntVal());
    }
}
