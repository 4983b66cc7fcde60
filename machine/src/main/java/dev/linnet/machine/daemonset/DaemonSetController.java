package dev.linnet.machine.daemonset;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Expectations;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodChanges;
import dev.linnet.machine.control.PodFactory;
import dev.linnet.machine.control.PodReadiness;
import dev.linnet.machine.control.PodTemplates;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Carries out what {@link DaemonPlan} says. */
public final class DaemonSetController implements Part {
    private static final String NAME = "daemonset-controller";
    private static final String KIND = "DaemonSet";
    private static final int WORKERS = 2;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Watched<DaemonSet> sets;
    private final Watched<Node> nodes;
    private final Watched<Pod> pods;
    private final Expectations expectations;
    private final PodChanges changes;
    private final ReconcileLoop<Key> loop;

    public DaemonSetController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.sets = bench.informers().of(DaemonSet.class);
        this.nodes = bench.informers().of(Node.class);
        this.pods = bench.informers().of(Pod.class);
        this.expectations = new Expectations(clock);
        this.changes = new PodChanges(client, bench.events().by(NAME), expectations);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(sets, nodes, pods), this::reconcile);
        sets.onChange(set -> loop.touch(Key.of(set)));
        changes.listen(pods, KIND);
        pods.onChange(pod -> Owners.controllerKey(pod, KIND).ifPresent(loop::touch));
        nodes.onEvents(new NodeChanges());
    }

    /** Nodes tell every few seconds that they live; that changes nothing here. */
    private final class NodeChanges implements ResourceEventHandler<Node> {
        @Override
        public void onAdd(Node node) {
            touchAll();
        }

        @Override
        public void onUpdate(Node before, Node after) {
            NodeSpec nothing = new NodeSpec();
            if (!Objects.equals(
                            before.getMetadata().getLabels(),
                            after.getMetadata().getLabels())
                    || !Objects.requireNonNullElse(before.getSpec(), nothing)
                            .getTaints()
                            .equals(Objects.requireNonNullElse(after.getSpec(), nothing)
                                    .getTaints())) {
                touchAll();
            }
        }

        @Override
        public void onDelete(Node node, boolean stateIsOld) {
            touchAll();
        }

        private void touchAll() {
            sets.all().forEach(set -> loop.touch(Key.of(set)));
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration reconcile(Key key) {
        Optional<DaemonSet> found = sets.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return Reconciler.NOT_AGAIN;
        }
        DaemonSet set = found.get();
        boolean mayChange = expectations.areMet(key) && !Owners.isBeingDeleted(set);
        Instant now = clock.instant();
        List<Pod> mine = pods.ownedBy(set.getMetadata().getUid());
        String hash = Owners.isBeingDeleted(set)
                ? PodTemplates.hash(set.getSpec().getTemplate(), 0)
                : DaemonHistory.hash(remembered(set, mine));
        DaemonPlan plan = DaemonPlan.next(set, nodes.all(), mine, hash, now);
        if (mayChange && !plan.createOn().isEmpty()) {
            changes.create(
                    set,
                    plan.createOn().stream().map(node -> pod(set, node, hash)).toList());
        }
        if (mayChange && !plan.delete().isEmpty()) {
            changes.delete(set, plan.delete());
        }
        writeStatus(set, plan.status());
        return whenAvailable(set, mine, now);
    }

    /** The revision of the set's template, written down before any Pod is made of it. */
    private ControllerRevision remembered(DaemonSet set, List<Pod> mine) {
        var stored = client.apps()
                .controllerRevisions()
                .inNamespace(set.getMetadata().getNamespace());
        List<ControllerRevision> revisions =
                stored.withLabelSelector(set.getSpec().getSelector()).list().getItems().stream()
                        .filter(revision -> Owners.controls(set, revision))
                        .toList();
        DaemonHistory history = DaemonHistory.of(set, revisions, mine, client.getKubernetesSerialization());
        if (history.isNew()) {
            stored.resource(history.current()).create();
        } else if (history.isRaised()) {
            stored.resource(history.current()).update();
        }
        history.forgotten().forEach(revision -> stored.resource(revision).delete());
        return history.current();
    }

    private static Pod pod(DaemonSet set, String node, String hash) {
        return new PodBuilder(PodFactory.from(set.getSpec().getTemplate(), set))
                .editMetadata()
                .addToLabels(DaemonPlan.HASH_LABEL, hash)
                .endMetadata()
                .withSpec(NodeFit.spec(set, node))
                .build();
    }

    private void writeStatus(DaemonSet set, DaemonSetStatus status) {
        if (!status.equals(set.getStatus())) {
            client.resource(new DaemonSetBuilder(set).withStatus(status).build())
                    .updateStatus();
        }
    }

    private static Duration whenAvailable(DaemonSet set, List<Pod> pods, Instant now) {
        Integer seconds = set.getSpec().getMinReadySeconds();
        return PodReadiness.nextAvailable(pods, Duration.ofSeconds(seconds == null ? 0 : seconds), now);
    }
}
