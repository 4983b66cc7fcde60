package dev.linnet.manifests.mesh;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why the traffic of a Service cannot pass through gateways, in words for its author. */
public final class Refusal {
    private static final Pattern NOT_HTTP =
            Pattern.compile("(tcp|udp|tls|https|mongo|mysql|redis|grpc|http2|grpc-web|kubernetes\\.io/h2c)(-.*)?");
    private static final Set<String> SIDECARS = Set.of("istio-proxy", "linkerd-proxy");
    private static final String INJECT = "sidecar.istio.io/inject";

    private Refusal() {}

    /** For what the Service itself says; empty if nothing speaks against it. */
    public static Optional<String> of(Service service) {
        ServiceSpec spec = service.getSpec();
        if ("ExternalName".equals(spec.getType())) {
            return Optional.of("it is another name for something outside (type ExternalName)");
        }
        if ("None".equals(spec.getClusterIP())) {
            return Optional.of("it is headless: callers know its Pods by their addresses");
        }
        if (Takeover.wanted(service).selector().isEmpty()) {
            return Optional.of("it has no selector: whoever keeps its endpoints would not know of gateways");
        }
        if (spec.getExternalIPs() != null && !spec.getExternalIPs().isEmpty()) {
            return Optional.of("it has external addresses (externalIPs)");
        }
        if ("Local".equals(spec.getInternalTrafficPolicy())) {
            return Optional.of("its traffic must stay on its node (internalTrafficPolicy: Local)");
        }
        return owner(service).or(() -> protocol(spec));
    }

    /** A Canary's Services are written by our own controller, which knows what has become of them. */
    private static Optional<String> owner(Service service) {
        return Optional.ofNullable(service.getMetadata().getOwnerReferences()).stream()
                .flatMap(List::stream)
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .filter(reference -> !isCanary(reference))
                .findFirst()
                .map(owner -> owner.getKind() + " " + owner.getName() + " keeps it as it is");
    }

    private static boolean isCanary(OwnerReference owner) {
        return "Canary".equals(owner.getKind())
                && owner.getApiVersion() != null
                && owner.getApiVersion().startsWith("flagger.app/");
    }

    private static Optional<String> protocol(ServiceSpec spec) {
        for (ServicePort port : spec.getPorts()) {
            String name = Optional.ofNullable(port.getAppProtocol())
                    .or(() -> Optional.ofNullable(port.getName()))
                    .orElse("");
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (!tcp || NOT_HTTP.matcher(name).matches()) {
                return Optional.of(
                        "port " + port.getPort() + " is not HTTP/1.1 (" + (tcp ? name : port.getProtocol()) + ")");
            }
        }
        return Optional.empty();
    }

    /**
     * For what its Pods are, and who may reach whom; empty if nothing speaks against it.
     *
     * @param pods      that it selects, as its author wants it
     * @param policies  all of its namespace
     * @param namespace labels of the namespace
     */
    public static Optional<String> of(
            Service service, Collection<Pod> pods, Collection<NetworkPolicy> policies, Map<String, String> namespace) {
        return pods.stream()
                .flatMap(pod -> sidecar(pod).stream())
                .findFirst()
                .or(() -> new Isolation(policies, namespace).refusal(Takeover.wanted(service), pods));
    }

    private static Optional<String> sidecar(Pod pod) {
        Stream<Container> all = Stream.concat(
                pod.getSpec().getContainers().stream(),
                Optional.ofNullable(pod.getSpec().getInitContainers()).stream().flatMap(List::stream));
        return all.map(Container::getName)
                .filter(SIDECARS::contains)
                .findFirst()
                .map(name -> "container " + name)
                .or(() -> injected(pod))
                .map(what -> "Pod " + pod.getMetadata().getName() + " has a sidecar (" + what
                        + "), which routes its requests already");
    }

    private static Optional<String> injected(Pod pod) {
        return Stream.of(pod.getMetadata().getLabels(), pod.getMetadata().getAnnotations())
                .filter(marks -> marks != null && "true".equals(marks.get(INJECT)))
                .findFirst()
                .map(_ -> INJECT);
    }
}
