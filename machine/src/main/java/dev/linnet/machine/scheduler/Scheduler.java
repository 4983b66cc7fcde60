package dev.linnet.machine.scheduler;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Binds Pods that have no node yet to one. A Pod that fits nowhere is told so and looked at again when nodes change or a Pod
 * leaves one.
 */
public final class Scheduler implements Part {
    private static final String NAME = "default-scheduler";
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    /** A binding that the cache does not show by then has been lost: the Pod was deleted, or never bound. */
    private static final Duration ASSUMED = Duration.ofSeconds(30);

    private record Assumed(Pod pod, String node, long untilNanos) {}

    private final KubernetesClient client;
    private final Watched<Pod> pods;
    private final Watched<Node> nodes;
    private final Events.Recorder events;
    private final InstantSource clock;
    private final ReconcileLoop<Key> loop;
    private final Map<String, Assumed> assumed = new HashMap<>();

    public Scheduler(Workbench bench) {
        this.client = bench.client();
        this.pods = bench.informers().of(Pod.class);
        this.nodes = bench.informers().of(Node.class);
        this.events = bench.events().by(NAME);
        this.clock = bench.clock();
        // One worker: each decision must see the one before.
        this.loop = new ReconcileLoop<>(name(), 1, List.of(pods, nodes), this::reconcile);
        pods.onEvents(new PodChanges());
        nodes.onEvents(new NodeChanges());
    }

    @Override
    public String name() {
        return "scheduler";
    }

    @Override
    public void start() {
        loop.start();
    }

    private final class PodChanges implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            touchIfPending(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            touchIfPending(after);
            if (isBound(after) && isOver(after) && !isOver(before)) {
                touchAllPending();
            }
        }

        @Override
        public void onDelete(Pod pod, boolean stateIsOld) {
            if (isBound(pod)) {
                touchAllPending();
            }
        }
    }

    private final class NodeChanges implements ResourceEventHandler<Node> {
        @Override
        public void onAdd(Node node) {
            touchAllPending();
        }

        @Override
        public void onUpdate(Node before, Node after) {
            if (!NodeOffer.of(before).equals(NodeOffer.of(after))) {
                touchAllPending();
            }
        }

        @Override
        public void onDelete(Node node, boolean stateIsOld) {
            touchAllPending();
        }
    }

    private void touchIfPending(Pod pod) {
        if (isPending(pod)) {
            loop.touch(Key.of(pod));
        }
    }

    private void touchAllPending() {
        pods.all().stream()
                .filter(Scheduler::isPending)
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .forEach(pod -> loop.touch(Key.of(pod)));
    }

    private static boolean isPending(Pod pod) {
        String scheduler = Objects.requireNonNullElse(pod.getSpec().getSchedulerName(), NAME);
        return !isBound(pod)
                && !isOver(pod)
                && scheduler.equals(NAME)
                && pod.getSpec().getSchedulingGates().isEmpty()
                && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private static boolean isBound(Pod pod) {
        String node = pod.getSpec().getNodeName();
        return node != null && !node.isEmpty();
    }

    private static boolean isOver(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getPhase() != null
                && OVER.contains(pod.getStatus().getPhase());
    }

    private Duration reconcile(Key key) {
        Optional<Pod> pod = pods.get(key).filter(Scheduler::isPending);
        if (pod.isEmpty() || assumed.containsKey(pod.get().getMetadata().getUid())) {
            return Reconciler.NOT_AGAIN;
        }
        switch (Placement.decide(pod.get(), candidates())) {
            case Placement.Bind bind -> bind(pod.get(), bind.node());
            case Placement.Unschedulable unschedulable -> tell(pod.get(), unschedulable.message());
        }
        return Reconciler.NOT_AGAIN;
    }

    private List<Placement.Candidate> candidates() {
        Map<String, List<Pod>> byNode = new HashMap<>();
        for (Pod pod : pods.all()) {
            if (isBound(pod)) {
                assumed.remove(pod.getMetadata().getUid());
                if (!isOver(pod)) {
                    byNode.computeIfAbsent(pod.getSpec().getNodeName(), _ -> new ArrayList<>())
                            .add(pod);
                }
            }
        }
        long now = System.nanoTime();
        assumed.values().removeIf(binding -> binding.untilNanos() - now < 0);
        assumed.values()
                .forEach(binding -> byNode.computeIfAbsent(binding.node(), _ -> new ArrayList<>())
                        .add(binding.pod()));
        return nodes.all().stream()
                .map(node -> new Placement.Candidate(
                        node, byNode.getOrDefault(node.getMetadata().getName(), List.of())))
                .toList();
    }

    private void bind(Pod pod, String node) {
        String name = pod.getMetadata().getName();
        String namespace = pod.getMetadata().getNamespace();
        Map<String, Object> binding = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Binding",
                "metadata",
                Map.of(
                        "name", name,
                        "namespace", namespace,
                        "uid", pod.getMetadata().getUid()),
                "target",
                Map.of("apiVersion", "v1", "kind", "Node", "name", node));
        try {
            client.raw("/api/v1/namespaces/" + namespace + "/pods/" + name + "/binding", "POST", binding);
        } catch (KubernetesClientException e) {
            if (ReconcileLoop.isNotFound(e)) {
                return;
            }
            throw e;
        }
        assumed.put(pod.getMetadata().getUid(), new Assumed(pod, node, System.nanoTime() + ASSUMED.toNanos()));
        events.normal(pod, "Scheduled", "Successfully assigned " + namespace + "/" + name + " to " + node);
    }

    /** Once for each new reason, so that nothing is written while nothing changes. */
    private void tell(Pod pod, String message) {
        if (isTold(pod, message)) {
            return;
        }
        PodCondition condition = new PodConditionBuilder()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(message)
                .withLastTransitionTime(
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
        String json = client.getKubernetesSerialization().asJson(condition);
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"metadata\":{\"uid\":\"" + pod.getMetadata().getUid() + "\"},\"status\":{\"conditions\":["
                                + json + "]}}");
        events.warning(pod, "FailedScheduling", message);
    }

    private static boolean isTold(Pod pod, String message) {
        List<PodCondition> conditions = Optional.ofNullable(pod.getStatus())
                .map(PodStatus::getConditions)
                .orElse(List.of());
        return conditions.stream()
                .anyMatch(condition ->
                        condition.getType().equals("PodScheduled") && message.equals(condition.getMessage()));
    }

    @Override
    public void close() {
        loop.close();
    }
}
