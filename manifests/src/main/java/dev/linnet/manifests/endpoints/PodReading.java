package dev.linnet.manifests.endpoints;

import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of a Pod counts: who it is, and which addresses are its own.
 *
 * @param addresses literal IP addresses; none of a Pod that has ended, or that shares those of its node
 */
public record PodReading(Workload workload, List<String> addresses) {
    private static final String TEMPLATE_HASH = "pod-template-hash";

    public PodReading {
        addresses = List.copyOf(addresses);
    }

    public static PodReading of(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        Map<String, String> labels = Optional.ofNullable(meta.getLabels()).orElseGet(Map::of);
        return new PodReading(
                new Workload(Optional.ofNullable(meta.getNamespace()).orElse("default"), owner(meta, labels), labels),
                isItself(pod) ? addresses(pod) : List.of());
    }

    private static boolean isItself(Pod pod) {
        boolean shares =
                pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        String phase = Optional.ofNullable(pod.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getPhase()))
                .orElse("");
        return !shares && !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private static List<String> addresses(Pod pod) {
        if (pod.getStatus() == null) {
            return List.of();
        }
        Stream<String> all = Optional.ofNullable(pod.getStatus().getPodIPs()).stream()
                .flatMap(List::stream)
                .map(PodIP::getIp);
        return Stream.concat(Stream.ofNullable(pod.getStatus().getPodIP()), all)
                .filter(address -> address != null && !address.isEmpty())
                .distinct()
                .toList();
    }

    /** The Deployment rather than its ReplicaSet, whose name ends with the hash of the template. */
    private static String owner(ObjectMeta meta, Map<String, String> labels) {
        Optional<OwnerReference> owner = Optional.ofNullable(meta.getOwnerReferences()).stream()
                .flatMap(List::stream)
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst();
        if (owner.isEmpty()) {
            return meta.getName();
        }
        String name = owner.get().getName();
        String hash = "-" + labels.getOrDefault(TEMPLATE_HASH, "");
        boolean ofDeployment = owner.get().getKind().equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash);
        return ofDeployment ? name.substring(0, name.length() - hash.length()) : name;
    }
}
