package dev.linnet.machine.endpoints;

import dev.linnet.machine.control.Owners;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which EndpointSlices to write for a Service. As few as can be: one Pod's change touches the one slice that has it.
 *
 * @param create with names that follow from the Service, so that a second creation from a stale cache is refused
 * @param update as they should be, with the version they were read at
 * @param delete no longer needed
 */
record SlicePlan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {
    static final int MAX_ENDPOINTS = 100;

    SlicePlan {
        create = List.copyOf(create);
        update = List.copyOf(update);
        delete = List.copyOf(delete);
    }

    /**
     * @param pods     those that the Service selects
     * @param existing the slices that we manage for the Service
     */
    static SlicePlan next(Service service, List<Pod> pods, List<EndpointSlice> existing) {
        List<String> families = service.getSpec().getIpFamilies();
        if (families == null || families.isEmpty()) {
            families = List.of("IPv4");
        }
        List<EndpointSlice> delete = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        for (String family : families) {
            Family work = new Family(family, existing);
            work.place(Backend.of(service, pods, family));
            drafts.addAll(work.kept);
            delete.addAll(work.surplus);
        }
        List<String> wanted = families;
        existing.stream()
                .filter(slice -> !wanted.contains(slice.getAddressType()))
                .forEach(delete::add);
        return written(service, drafts, existing, delete);
    }

    /** A slice as it is to be: an existing one with new content, or a new one. */
    private record Draft(List<EndpointSlice> from, String family, List<PodPort> ports, List<Endpoint> endpoints) {}

    /** The slices of one address family. */
    private static final class Family {
        private final String family;
        private final List<Draft> kept = new ArrayList<>();
        private final List<EndpointSlice> surplus = new ArrayList<>();
        private final List<EndpointSlice> unused;

        Family(String family, List<EndpointSlice> existing) {
            this.family = family;
            this.unused = new ArrayList<>(existing.stream()
                    .filter(slice -> family.equals(slice.getAddressType()))
                    .toList());
        }

        /** Named ports may differ from Pod to Pod, and a slice has one list of ports for all its endpoints. */
        void place(List<Backend> backends) {
            Map<List<PodPort>, Map<String, Backend>> byPorts = new LinkedHashMap<>();
            for (Backend backend : backends) {
                byPorts.computeIfAbsent(backend.ports(), _ -> new LinkedHashMap<>())
                        .put(backend.pod().getMetadata().getUid(), backend);
            }
            byPorts.forEach((ports, group) -> {
                keep(ports, group);
                fill(ports, group);
            });
            // Watchers tell a Service without Pods from one that nobody has looked at by its empty slice.
            if (kept.isEmpty()) {
                kept.add(new Draft(reused(), family, List.of(), List.of()));
            }
            surplus.addAll(unused);
        }

        /** Leaves each endpoint in the slice where it is. */
        private void keep(List<PodPort> ports, Map<String, Backend> group) {
            for (EndpointSlice slice : List.copyOf(unused)) {
                List<Endpoint> endpoints = new ArrayList<>();
                if (!portsOf(slice).equals(ports)) {
                    continue;
                }
                for (Endpoint endpoint : slice.getEndpoints()) {
                    Backend backend = endpoint.getTargetRef() == null
                            ? null
                            : group.remove(endpoint.getTargetRef().getUid());
                    if (backend != null) {
                        endpoints.add(backend.endpoint());
                    }
                }
                if (!endpoints.isEmpty()) {
                    unused.remove(slice);
                    kept.add(new Draft(List.of(slice), family, ports, endpoints));
                }
            }
        }

        /** Puts the rest where there is room, then into slices that lost all theirs, then into new ones. */
        private void fill(List<PodPort> ports, Map<String, Backend> group) {
            List<Backend> rest = new ArrayList<>(group.values());
            for (Draft draft : kept) {
                while (draft.ports().equals(ports) && draft.endpoints().size() < MAX_ENDPOINTS && !rest.isEmpty()) {
                    draft.endpoints().add(rest.removeFirst().endpoint());
                }
            }
            while (!rest.isEmpty()) {
                List<Backend> some = rest.subList(0, Math.min(MAX_ENDPOINTS, rest.size()));
                List<Endpoint> endpoints =
                        new ArrayList<>(some.stream().map(Backend::endpoint).toList());
                kept.add(new Draft(reused(), family, ports, endpoints));
                some.clear();
            }
        }

        private List<EndpointSlice> reused() {
            return unused.isEmpty() ? List.of() : List.of(unused.removeFirst());
        }
    }

    private static List<PodPort> portsOf(EndpointSlice slice) {
        return slice.getPorts().stream()
                .map(port -> new PodPort(
                        PodPort.orElse(port.getName(), ""),
                        PodPort.orElse(port.getProtocol(), "TCP"),
                        port.getPort() == null ? 0 : port.getPort(),
                        PodPort.orElse(port.getAppProtocol(), "")))
                .toList();
    }

    private static SlicePlan written(
            Service service, List<Draft> drafts, List<EndpointSlice> existing, List<EndpointSlice> delete) {
        List<EndpointSlice> create = new ArrayList<>();
        List<EndpointSlice> update = new ArrayList<>();
        Map<String, String> labels = ServiceLabels.forSlice(service);
        List<String> taken = new ArrayList<>(
                existing.stream().map(slice -> slice.getMetadata().getName()).toList());
        for (Draft draft : drafts) {
            if (draft.from().isEmpty()) {
                String name = freeName(service, taken);
                taken.add(name);
                create.add(created(service, name, labels, draft));
            } else if (isChanged(draft.from().getFirst(), labels, draft)) {
                update.add(changed(draft.from().getFirst(), labels, draft));
            }
        }
        return new SlicePlan(create, update, delete);
    }

    private static boolean isChanged(EndpointSlice slice, Map<String, String> labels, Draft draft) {
        return !labels.equals(slice.getMetadata().getLabels())
                || !draft.ports().equals(portsOf(slice))
                || !draft.endpoints().equals(slice.getEndpoints());
    }

    private static EndpointSlice changed(EndpointSlice slice, Map<String, String> labels, Draft draft) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withLabels(labels)
                .endMetadata()
                .withEndpoints(draft.endpoints())
                .withPorts(ports(draft))
                .build();
    }

    private static EndpointSlice created(Service service, String name, Map<String, String> labels, Draft draft) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(labels)
                .withOwnerReferences(Owners.controlledBy(service))
                .endMetadata()
                .withAddressType(draft.family())
                .withEndpoints(draft.endpoints())
                .withPorts(ports(draft))
                .build();
    }

    private static List<EndpointPort> ports(Draft draft) {
        return draft.ports().stream()
                .map(port -> new EndpointPortBuilder()
                        .withName(port.name())
                        .withProtocol(port.protocol())
                        .withPort(port.port())
                        .withAppProtocol(Backend.absentIfEmpty(port.appProtocol()))
                        .build())
                .toList();
    }

    /** {@code podinfo-x7k2p}: looks like a generated name but is always the same for the n-th slice of this Service. */
    private static String freeName(Service service, List<String> taken) {
        for (int ordinal = 0; ; ordinal++) {
            String name = service.getMetadata().getName() + "-"
                    + suffix(service.getMetadata().getUid() + "/" + ordinal);
            if (!taken.contains(name)) {
                return name;
            }
        }
    }

    private static String suffix(String text) {
        String letters = "bcdfghjklmnpqrstvwxz2456789";
        long number = Integer.toUnsignedLong(text.hashCode());
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            suffix.append(letters.charAt((int) (number % letters.length())));
            number /= letters.length();
        }
        return suffix.reverse().toString();
    }
}
