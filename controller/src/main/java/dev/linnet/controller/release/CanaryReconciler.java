package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.CanaryStatus;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.GatewayNumbers.Counted;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.release.TurnOrder.Rank;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Seen;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Pause;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a turn for a Canary whenever something that concerns it has changed, an answer has come, or its time has come. */
public final class CanaryReconciler implements Reconciler<Canary>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryReconciler.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration READING = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration TELLING = Duration.ofSeconds(5);

    private final Worlds worlds;
    private final Questions questions;
    private final GatewayNumbers numbers;
    private final ReleaseMetrics metrics;
    private final List<Teller> tellers;
    private final InstantSource clock;
    private final TurnOrder order = new TurnOrder();
    private final Map<ResourceID, Memory> memories = new ConcurrentHashMap<>();
    final SimpleInboundEventSource<Canary> inbox = new SimpleInboundEventSource<>("answers");
    private final Watches watches = new Watches(this::isNews, inbox::propagateEvent);
    private final ExecutorService aside;
    private volatile boolean rests;

    /** @param aside runs what takes time */
    CanaryReconciler(
            Worlds worlds,
            Questions questions,
            GatewayNumbers numbers,
            ReleaseMetrics metrics,
            List<Teller> tellers,
            InstantSource clock,
            ExecutorService aside) {
        this.worlds = worlds;
        this.questions = questions;
        this.numbers = numbers;
        this.metrics = metrics;
        this.tellers = List.copyOf(tellers);
        this.clock = clock;
        this.aside = aside;
    }

    @Override
    public List<EventSource<?, Canary>> prepareEventSources(EventSourceContext<Canary> context) {
        List<EventSource<?, Canary>> sources = new ArrayList<>(watches.sources(context));
        sources.add(inbox);
        return sources;
    }

    /** Whether a Canary that has changed is to be looked at: what a turn wrote is no news. */
    public boolean concerns(Canary now) {
        return isNews(ResourceID.fromResource(now), now.getMetadata());
    }

    private boolean isNews(ResourceID canary, ObjectMeta now) {
        Memory memory = memories.get(canary);
        return memory == null || memory.news().isNews(now);
    }

    @Override
    public UpdateControl<Canary> reconcile(Canary cached, Context<Canary> context) throws InterruptedException {
        return reconcile(cached);
    }

    UpdateControl<Canary> reconcile(Canary cached) throws InterruptedException {
        ResourceID id = ResourceID.fromResource(cached);
        Memory memory = memories.get(id);
        Rank rank = memory == null ? Rank.RESTS : memory.rank();
        return order.in(rank, () -> reconcile(id, cached));
    }

    private UpdateControl<Canary> reconcile(ResourceID id, Canary cached) throws InterruptedException {
        if (rests) {
            return UpdateControl.noUpdate();
        }
        Optional<Canary> live;
        try {
            // The cache may not know yet what the last turn wrote, and two halves of different ages make a third state.
            live = worlds.live(cached);
        } catch (KubernetesClientException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("a Canary cannot be read");
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
        }
        if (live.isEmpty()) {
            return gone(id, cached);
        }
        String uid = live.get().getMetadata().getUid();
        Memory memory = memories.compute(
                id,
                (_, before) ->
                        before != null && before.isOf(uid) ? before : new Memory(uid, new Outbox(tellers, aside)));
        return reconcile(id, live.get(), memory);
    }

    /** A Canary that asked for no finalizer goes at once, and its primary with it: its target must serve again. */
    private UpdateControl<Canary> gone(ResourceID id, Canary last) {
        watches.forget(id);
        memories.remove(id);
        metrics.forget(id.getNamespace().orElse(""), id.getName());
        Phase phase = CanaryStatus.read(last.getStatus()).phase();
        if (phase != Phase.NEW && phase != Phase.INITIALIZING) {
            new GoneCanary(worlds, last, clock, aside).giveBack();
        }
        return UpdateControl.noUpdate();
    }

    private UpdateControl<Canary> reconcile(ResourceID id, Canary canary, Memory memory) throws InterruptedException {
        memory.turns().lock();
        memory.news().turnBegins();
        try {
            CanaryPlan plan = worlds.plan(canary);
            World world = worlds.of(canary, plan);
            return ScopedValue.where(Writes.FENCE, new RunFence(world.runs(), memory))
                    .where(Seen.TURN, new Seen())
                    .call(() -> turn(id, world, memory));
        } catch (UnreadableCanary e) {
            complain(
                    canary,
                    memory,
                    canary.isMarkedForDeletion() ? keeps(e.text()) : "invalid canary spec: " + e.text());
            return UpdateControl.noUpdate();
        } finally {
            if (memory.news().turnEnds()) {
                inbox.propagateEvent(id);
            }
            memory.turns().unlock();
        }
    }

    private static String keeps(String why) {
        return "it goes once it can be read, so that everything can be given back: " + why + ", or once its finalizer "
                + Finalizer.NAME + " is taken off";
    }

    private UpdateControl<Canary> turn(ResourceID id, World world, Memory memory) throws InterruptedException {
        try {
            watches.follow(id, world.plan(), world.routes().followed());
            metrics.looks(world.plan().release().names());
            Turn.Outcome outcome =
                    new Turn(world, memory, questions, configs -> watches.follow(id, configs), clock.instant()).take();
            if (outcome instanceof Turn.Outcome.Acted) {
                memory.complainsNoMore();
            }
            memory.at(outcome.progress());
            memory.watch(world.plan(), outcome.progress(), clock.instant());
            memory.watched().filter(Memory.Watched::isNew).ifPresent(watched -> aside.execute(() -> read(watched)));
            return switch (outcome) {
                case Turn.Outcome.Waits waits -> ask(id, world, memory, waits);
                case Turn.Outcome.Acted acted -> acted(id, world, memory, acted);
            };
        } catch (Changed e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("decides again");
            memory.forgetAnswers();
            memory.forgetRun();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(SOON);
        } catch (Unusable e) {
            complain(world.canary(), memory, e.text());
            memory.forgetAnswers();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
        } catch (KubernetesClientException e) {
            complain(world.canary(), memory, String.valueOf(e.getMessage()));
            memory.forgetAnswers();
            memory.forgetRun();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
        }
    }

    private UpdateControl<Canary> ask(ResourceID id, World world, Memory memory, Turn.Outcome.Waits waits) {
        Duration early = questions.untilAnswerable(waits.question(), world, waits.progress());
        if (early.isPositive()) {
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(early.compareTo(READING) < 0 ? early : READING);
        }
        memory.ask(waits.question()).ifPresent(era -> aside.execute(() -> ask(id, world, memory, waits, era)));
        return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
    }

    private void ask(ResourceID id, World world, Memory memory, Turn.Outcome.Waits waits, int era) {
        try {
            Question<?> question = waits.question();
            Answer answer = questions.ask(question, world, waits.progress(), waits.began());
            if (memory.answer(question, answer, era)) {
                inbox.propagateEvent(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("canary", world.plan().release().names().canaryInNamespace())
                    .addKeyValue("cause", e.toString())
                    .log("a question could not be answered");
            // It is asked again by the next turn, which is due soon anyway.
            memory.forgetAnswers();
        }
    }

    private UpdateControl<Canary> acted(ResourceID id, World world, Memory memory, Turn.Outcome.Acted acted) {
        metrics.acted(world.plan().release(), acted.progress());
        if (!acted.messages().isEmpty()) {
            new Telling(world, memory, () -> inbox.propagateEvent(id)).tell(acted);
        }
        UpdateControl<Canary> none = UpdateControl.noUpdate();
        // What cannot be told now is told later, also if nothing else happens.
        if (!acted.messages().isEmpty() && acted.pause() instanceof Pause.UntilChange) {
            return none.rescheduleAfter(TELLING);
        }
        return switch (acted.pause()) {
            case Pause.UntilChange _ -> none;
            case Pause.For pause -> {
                if (pause.time().isZero()) {
                    inbox.propagateEvent(id);
                    yield none;
                }
                yield none.rescheduleAfter(pause.time());
            }
        };
    }

    /**
     * Counts what has happened to the requests of each release that runs, and wakes those whose canary has failed some: they may have to end at
     * once. To be called after each reading of the gateways.
     */
    public void notice() {
        memories.forEach((id, memory) -> memory.watched().ifPresent(watched -> {
            Counted counted = numbers.requests(watched.plan(), watched.since(), watched.began());
            memory.counts(watched, counted);
            if (counted.canary().failed() > 0) {
                inbox.propagateEvent(id);
            }
        }));
    }

    /** At once when a run begins, so that no request of its version is missed until the next reading is due. */
    private void read(Memory.Watched watched) {
        try {
            numbers.readSince(watched.began());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The world's failure, or the author's mistake: told once, and tried again. */
    private void complain(Canary canary, Memory memory, String text) {
        if (memory.complains(text)) {
            LOG.atWarn()
                    .addKeyValue(
                            "canary",
                            canary.getMetadata().getNamespace() + "/"
                                    + canary.getMetadata().getName())
                    .log(text);
            worlds.complain(canary, text);
        }
    }

    /** Begins no further turn: another controller acts. */
    public void rest() {
        rests = true;
    }

    /** Whether any release runs, so that the gateways' numbers are wanted. */
    public boolean isBusy() {
        return memories.values().stream().anyMatch(Memory::isRunning);
    }

    @Override
    public void close() {
        watches.close();
        aside.shutdownNow();
    }
}
