package dev.linnet.gateway.feed;

import dev.linnet.manifests.endpoints.PodReading;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Addresses;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All Pods, by name and by address. An address that two of them claim is nobody's. Used by one thread. */
final class PodIndex {
    private final Map<String, PodReading> pods = new HashMap<>();
    private final Map<String, Set<String>> byAddress = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Map<String, Optional<Workload>> changedPods = new HashMap<>();

    /** Whether its labels are others than before. */
    boolean put(String name, Optional<Pod> now) {
        Optional<PodReading> before = Optional.ofNullable(pods.get(name));
        Optional<PodReading> after = now.map(PodReading::of);
        if (before.equals(after)) {
            return false;
        }
        before.ifPresent(pod -> pod.addresses().forEach(address -> {
            byAddress.getOrDefault(address, new HashSet<>()).remove(name);
            changed.add(address);
        }));
        after.ifPresent(pod -> pod.addresses().forEach(address -> {
            byAddress.computeIfAbsent(address, _ -> new HashSet<>()).add(name);
            changed.add(address);
        }));
        after.ifPresentOrElse(pod -> pods.put(name, pod), () -> pods.remove(name));
        changedPods.put(name, after.map(PodReading::workload));
        return !before.map(PodReading::workload).equals(after.map(PodReading::workload));
    }

    /** Labels of a Pod, as {@code namespace/name}; none if it is not known. */
    Map<String, String> labels(String name) {
        return workload(name).labels();
    }

    Workload workload(String name) {
        PodReading known = pods.get(name);
        return known == null ? Workload.UNKNOWN : known.workload();
    }

    /** Who has the addresses that changed hands since the last call. */
    Map<ByteBuffer, Optional<Workload>> takeAddresses() {
        Map<ByteBuffer, Optional<Workload>> taken = new HashMap<>();
        for (String address : changed) {
            Set<String> claim = byAddress.getOrDefault(address, Set.of());
            Optional<Workload> owner =
                    claim.size() == 1 ? Optional.of(workload(claim.iterator().next())) : Optional.empty();
            Addresses.parse(address).ifPresent(bytes -> taken.put(ByteBuffer.wrap(bytes), owner));
            if (claim.isEmpty()) {
                byAddress.remove(address);
            }
        }
        changed.clear();
        return taken;
    }

    /** Who the Pods are that have changed since the last call. */
    Map<String, Optional<Workload>> takePods() {
        Map<String, Optional<Workload>> taken = new HashMap<>(changedPods);
        changedPods.clear();
        return taken;
    }
}
