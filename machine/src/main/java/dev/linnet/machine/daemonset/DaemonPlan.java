package dev.linnet.machine.daemonset;

import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodReadiness;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to do for a DaemonSet now. Pure.
 *
 * @param createOn nodes that lack their Pod
 * @param delete   Pods that are too many, on the wrong node, ended or of an old version
 * @param status   as it is before that
 */
record DaemonPlan(List<String> createOn, List<Pod> delete, DaemonSetStatus status) {
    /** Tells the Pods of different templates apart. */
    static final String HASH_LABEL = "controller-revision-hash";

    DaemonPlan {
        createOn = List.copyOf(createOn);
        delete = List.copyOf(delete);
    }

    /** @param pods all that the set controls, those that are about to end too */
    static DaemonPlan next(DaemonSet set, List<Node> nodes, List<Pod> pods, String hash, Instant now) {
        Map<String, List<Pod>> byNode = pods.stream()
                .collect(Collectors.groupingBy(pod ->
                        pod.getSpec().getNodeName() == null ? "" : pod.getSpec().getNodeName()));
        List<Place> places = nodes.stream()
                .map(node -> new Place(
                        node.getMetadata().getName(),
                        NodeFit.wants(set, node),
                        NodeFit.keeps(set, node),
                        byNode.getOrDefault(node.getMetadata().getName(), List.of())))
                .toList();
        Duration minReady = Duration.ofSeconds(orZero(set.getSpec().getMinReadySeconds()));
        List<String> createOn = new ArrayList<>();
        List<Pod> delete = new ArrayList<>();
        for (Place place : places) {
            if (place.wanted && place.pods.isEmpty()) {
                createOn.add(place.node);
            }
            delete.addAll(place.surplus());
        }
        delete.addAll(outdated(set, places, hash, minReady, now));
        return new DaemonPlan(createOn, delete, status(set, places, hash, minReady, now));
    }

    /** A node, whether its Pod is wanted or at least kept there, and the Pods on it. */
    private record Place(String node, boolean wanted, boolean kept, List<Pod> pods) {

        /** The one that stays. */
        Optional<Pod> chosen() {
            return kept
                    ? pods.stream()
                            .filter(PodReadiness::isActive)
                            .min(Comparator.comparing(
                                    pod -> String.valueOf(pod.getMetadata().getCreationTimestamp())))
                    : Optional.empty();
        }

        List<Pod> surplus() {
            Optional<Pod> chosen = chosen();
            return pods.stream()
                    .filter(pod -> !Owners.isBeingDeleted(pod))
                    .filter(pod -> chosen.isEmpty() || !chosen.get().equals(pod))
                    .toList();
        }
    }

    /** Old versions to take away now: all that serve nobody, and as many others as may be missing. */
    private static List<Pod> outdated(DaemonSet set, List<Place> places, String hash, Duration minReady, Instant now) {
        var strategy = set.getSpec().getUpdateStrategy();
        if (strategy != null && "OnDelete".equals(strategy.getType())) {
            return List.of();
        }
        List<Place> wanted = places.stream().filter(Place::wanted).toList();
        IntOrString limit = strategy == null || strategy.getRollingUpdate() == null
                ? null
                : strategy.getRollingUpdate().getMaxUnavailable();
        List<Pod> useless = new ArrayList<>();
        List<Pod> serving = new ArrayList<>();
        int unavailable = 0;
        for (Place place : wanted) {
            Optional<Pod> pod = place.chosen();
            boolean available = pod.filter(each -> PodReadiness.isAvailable(each, minReady, now))
                    .isPresent();
            unavailable += available ? 0 : 1;
            pod.filter(each -> !isUpToDate(each, hash)).ifPresent((available ? serving : useless)::add);
        }
        int room = Math.max(0, atLeastOne(limit, wanted.size()) - unavailable);
        useless.addAll(serving.subList(0, Math.min(room, serving.size())));
        return useless;
    }

    private static int atLeastOne(@Nullable IntOrString limit, int wanted) {
        if (limit == null) {
            return 1;
        }
        if (limit.getIntVal() != null) {
            return Math.max(1, limit.getIntVal());
        }
        String percent = limit.getStrVal().replace("%", "");
        return Math.max(1, Math.ceilDiv(wanted * Integer.parseInt(percent), 100));
    }

    private static boolean isUpToDate(Pod pod, String hash) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels != null && hash.equals(labels.get(HASH_LABEL));
    }

    private static DaemonSetStatus status(
            DaemonSet set, List<Place> places, String hash, Duration minReady, Instant now) {
        List<Place> wanted = places.stream().filter(Place::wanted).toList();
        List<Pod> there =
                wanted.stream().flatMap(place -> place.chosen().stream()).toList();
        long misplaced = places.stream()
                .filter(place -> !place.wanted && place.pods.stream().anyMatch(PodReadiness::isActive))
                .count();
        int available = (int) there.stream()
                .filter(pod -> PodReadiness.isAvailable(pod, minReady, now))
                .count();
        return new DaemonSetStatusBuilder()
                .withCurrentNumberScheduled(there.size())
                .withDesiredNumberScheduled(wanted.size())
                .withNumberMisscheduled((int) misplaced)
                .withNumberReady(
                        (int) there.stream().filter(PodReadiness::isReady).count())
                .withUpdatedNumberScheduled(present((int)
                        there.stream().filter(pod -> isUpToDate(pod, hash)).count()))
                .withNumberAvailable(present(available))
                .withNumberUnavailable(present(wanted.size() - available))
                .withObservedGeneration(set.getMetadata().getGeneration())
                .build();
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    /** Kubernetes leaves these zeroes out. */
    private static @Nullable Integer present(int count) {
        return count == 0 ? null : count;
    }
}
