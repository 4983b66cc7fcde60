package dev.linnet.machine.replicaset;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Claims;
import dev.linnet.machine.control.Expectations;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodChanges;
import dev.linnet.machine.control.PodFactory;
import dev.linnet.machine.control.PodReadiness;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Selectors;
import dev.linnet.machine.control.Watched;
import dev.linnet.machine.replicaset.ReplicaSetStatuses.Failure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Creates and deletes Pods until there are as many as each ReplicaSet wants, and tells how they are. */
public final class ReplicaSetController implements Part {
    private static final String NAME = "replicaset-controller";
    private static final String KIND = "ReplicaSet";
    private static final int WORKERS = 4;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Watched<ReplicaSet> sets;
    private final Watched<Pod> pods;
    private final Expectations expectations;
    private final PodChanges changes;
    private final ReconcileLoop<Key> loop;

    public ReplicaSetController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.sets = bench.informers().of(ReplicaSet.class);
        this.pods = bench.informers().of(Pod.class);
        this.expectations = new Expectations(clock);
        this.changes = new PodChanges(client, bench.events().by(NAME), expectations);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(sets, pods), this::reconcile);
        sets.onChange(set -> loop.touch(Key.of(set)));
        // Expectations first: a reconcile that sees the Pod must also see that it was expected.
        changes.listen(pods, KIND);
        pods.onChange(this::touchOwner);
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

    private void touchOwner(Pod pod) {
        if (Owners.controllerOf(pod).isPresent()) {
            Owners.controllerKey(pod, KIND).ifPresent(loop::touch);
        } else {
            sets.inNamespace(pod.getMetadata().getNamespace()).stream()
                    .filter(set -> Selectors.matches(
                            set.getSpec().getSelector(), pod.getMetadata().getLabels()))
                    .forEach(set -> loop.touch(Key.of(set)));
        }
    }

    private Duration reconcile(Key key) {
        Optional<ReplicaSet> found = sets.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return Reconciler.NOT_AGAIN;
        }
        ReplicaSet set = found.get();
        // Asked before the Pods are read: what becomes true in between only delays.
        boolean mayChange = expectations.areMet(key) && !Owners.isBeingDeleted(set);
        List<Pod> mine = claim(set);
        Optional<KubernetesClientException> refusal = mayChange ? adjust(set, mine) : Optional.empty();
        Instant now = clock.instant();
        writeStatus(set, ReplicaSetStatuses.of(set, mine, refusal.map(each -> failure(set, mine, each)), now));
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return PodReadiness.nextAvailable(mine, ReplicaSetStatuses.minReady(set), now);
    }

    private static Failure failure(ReplicaSet set, List<Pod> mine, KubernetesClientException refusal) {
        String reason = mine.size() < wanted(set) ? "FailedCreate" : "FailedDelete";
        return new Failure(reason, PodChanges.reason(refusal));
    }

    private static int wanted(ReplicaSet set) {
        Integer replicas = set.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    private List<Pod> claim(ReplicaSet set) {
        List<Pod> candidates = pods.inNamespace(set.getMetadata().getNamespace()).stream()
                .filter(PodReadiness::isActive)
                .toList();
        Claims<Pod> claims = Claims.of(set, set.getSpec().getSelector(), candidates);
        List<Pod> mine = new ArrayList<>(claims.mine());
        for (Pod orphan : claims.adopt()) {
            mine.add(client.resource(new PodBuilder(orphan)
                            .editMetadata()
                            .addToOwnerReferences(Owners.controlledBy(set))
                            .endMetadata()
                            .build())
                    .update());
        }
        String uid = set.getMetadata().getUid();
        for (Pod stranger : claims.release()) {
            client.resource(new PodBuilder(stranger)
                            .editMetadata()
                            .removeMatchingFromOwnerReferences(owner -> uid.equals(owner.getUid()))
                            .endMetadata()
                            .build())
                    .update();
        }
        return mine;
    }

    /** Empty when all went well. */
    private Optional<KubernetesClientException> adjust(ReplicaSet set, List<Pod> mine) {
        int missing = wanted(set) - mine.size();
        try {
            if (missing > 0) {
                Pod pod = PodFactory.from(set.getSpec().getTemplate(), set);
                changes.create(set, Collections.nCopies(Math.min(missing, PodChanges.BURST), pod));
            } else if (missing < 0) {
                changes.delete(set, DeletionOrder.firstToGo(mine, related(set), Math.min(-missing, PodChanges.BURST)));
            }
            return Optional.empty();
        } catch (KubernetesClientException refused) {
            return Optional.of(refused);
        }
    }

    /** Pods of all ReplicaSets with the same owner. */
    private List<Pod> related(ReplicaSet set) {
        return Owners.controllerOf(set)
                .map(owner -> sets.ownedBy(owner.getUid()).stream())
                .orElseGet(() -> Stream.of(set))
                .flatMap(each -> pods.ownedBy(each.getMetadata().getUid()).stream())
                .toList();
    }

    private void writeStatus(ReplicaSet set, ReplicaSetStatus status) {
        if (!status.equals(set.getStatus())) {
            client.resource(new ReplicaSetBuilder(set).withStatus(status).build())
                    .updateStatus();
        }
    }
}
