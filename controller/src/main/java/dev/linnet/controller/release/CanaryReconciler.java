package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.CanaryStatus;
import dev.linnet.controller.api.LeanStore;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.GatewayNumbers.Counted;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.route.Routes;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Seen;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Pause;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a turn for a Canary whenever something that concerns it has changed, an answer has come, or its time has come. */
public final class CanaryReconciler implements Reconciler<Canary>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryReconciler.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration READING = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration GIVING = Duration.ofMinutes(2);
    private static final Duration TELLING = Duration.ofSeconds(5);

    private final Worlds worlds;
    private final Questions questions;
    private final GatewayNumbers numbers;
    private final ReleaseMetrics metrics;
    private final List<Teller> tellers;
    private final InstantSource clock;
    private final Interest interest = new Interest();
    private final TurnOrder order = new TurnOrder();
    private final Map<ResourceID, Memory> memories = new ConcurrentHashMap<>();
    final SimpleInboundEventSource<Canary> inbox = new SimpleInboundEventSource<>("answers");
    private final ExecutorService aside;
    private Optional<RouteWatches> following = Optional.empty();
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
        Set<String> namespaces = context.getControllerConfiguration().getEffectiveNamespaces();
        following = Optional.of(new RouteWatches(
                context.getClient(),
                InformerConfiguration.allNamespacesWatched(namespaces) ? Set.of() : namespaces,
                this::isNews,
                (kind, meta) -> interest.of(kind, meta).forEach(inbox::propagateEvent)));
        return List.of(
                inbox,
                watch(
                        Deployment.class,
                        meta -> new DeploymentBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        DaemonSet.class,
                        meta -> new DaemonSetBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        Service.class,
                        meta -> new ServiceBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        Ingress.class,
                        meta -> new IngressBuilder().withMetadata(meta).build(),
                        context),
                watch(
                        ConfigMap.class,
                        meta -> new ConfigMapBuilder().withMetadata(meta).build(),
                        context),
                secrets(context));
    }

    /** Of Secrets the API tells only names, if the client asks for that; what comes is of no class of its own then. */
    private EventSource<GenericKubernetesResource, Canary> secrets(EventSourceContext<Canary> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(new GroupVersionKind("v1", "Secret"), Canary.class)
                        .withName("secrets")
                        .withInformerListLimit(LeanStore.PAGE)
                        .withItemStore(NamesOnly.of("v1", "Secret"))
                        .withSecondaryToPrimaryMapper(object -> interest.of("Secret", object.getMetadata()))
                        .build(),
                context);
    }

    /** What is told is only that something has changed: nothing of the object is kept. */
    private <R extends HasMetadata> EventSource<R, Canary> watch(
            Class<R> kind, Function<ObjectMeta, R> shell, EventSourceContext<Canary> context) {
        String name = kind.getSimpleName();
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, Canary.class)
                        .withInformerListLimit(LeanStore.PAGE)
                        .withItemStore(new NamesOnly<>(shell))
                        .withOnUpdateFilter((now, _) -> isNews(name, now.getMetadata()))
                        .withSecondaryToPrimaryMapper(object -> interest.of(name, object.getMetadata()))
                        .build(),
                context);
    }

    /** Whether a Canary that has changed is to be looked at: what the last turn wrote is no news. */
    public boolean concerns(Canary now) {
        return isNews(ResourceID.fromResource(now), now.getMetadata());
    }

    private boolean isNews(String kind, ObjectMeta now) {
        return interest.of(kind, now).stream().anyMatch(canary -> isNews(canary, now));
    }

    private boolean isNews(ResourceID canary, ObjectMeta now) {
        Memory memory = memories.get(canary);
        return memory == null || !memory.hasWritten(now);
    }

    @Override
    public UpdateControl<Canary> reconcile(Canary cached, Context<Canary> context) throws InterruptedException {
        return reconcile(cached);
    }

    UpdateControl<Canary> reconcile(Canary cached) throws InterruptedException {
        ResourceID id = ResourceID.fromResource(cached);
        boolean hasUsers =
                Optional.ofNullable(memories.get(id)).map(Memory::hasUsers).orElse(false);
        return order.in(hasUsers, () -> reconcile(id, cached));
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
        interest.forget(id);
        memories.remove(id);
        metrics.forget(id.getNamespace().orElse(""), id.getName());
        Phase phase = CanaryStatus.read(last.getStatus()).phase();
        if (phase != Phase.NEW && phase != Phase.INITIALIZING) {
            Instant latest = clock.instant().plus(GIVING);
            aside.execute(() -> giveBack(last, latest));
        }
        return UpdateControl.noUpdate();
    }

    /** The primary may serve for some moments still: callers are led to the target once it is ready. */
    private void giveBack(Canary last, Instant latest) {
        try {
            if (!givesBack(last, !clock.instant().isBefore(latest))) {
                Thread.sleep(SOON);
                aside.execute(() -> giveBack(last, latest));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Unusable | UnreadableCanary | KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("canary", ResourceID.fromResource(last).toString())
                    .addKeyValue("cause", e.getMessage())
                    .log("not everything could be given back to a target whose Canary has gone");
        }
    }

    private boolean givesBack(Canary last, boolean atOnce) throws Unusable, UnreadableCanary {
        try {
            World world = worlds.of(last, worlds.plan(last));
            Effects effects = new Effects(world, Cookies.NONE);
            effects.apply(new Effect.ResumeScaler());
            effects.apply(new Effect.RevertTarget());
            Answer.Readiness target = world.workload().readiness(Side.CANARY, Instant.MAX, clock.instant());
            if (!atOnce && !(target instanceof Answer.Readiness.Ready)) {
                return false;
            }
            effects.apply(new Effect.RevertService());
            effects.apply(new Effect.RevertRoutes());
            return true;
        } catch (Changed _) {
            return false;
        }
    }

    private UpdateControl<Canary> reconcile(ResourceID id, Canary canary, Memory memory) throws InterruptedException {
        memory.turns().lock();
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
            memory.turns().unlock();
        }
    }

    private static String keeps(String why) {
        return "it goes once it can be read, so that everything can be given back: " + why + ", or once its finalizer "
                + Finalizer.NAME + " is taken off";
    }

    private UpdateControl<Canary> turn(ResourceID id, World world, Memory memory) throws InterruptedException {
        try {
            List<Routes.Followed> routes = world.routes().followed();
            interest.in(id, world.plan(), routes);
            following.ifPresent(kinds -> routes.forEach(route -> kinds.follow(route.kind())));
            metrics.looks(world.plan().release().names());
            Turn.Outcome outcome =
                    new Turn(world, memory, questions, configs -> reads(id, configs), clock.instant()).take();
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

    private void reads(ResourceID id, List<String> configs) {
        if (interest.in(id, id.getNamespace().orElse(""), configs)) {
            inbox.propagateEvent(id);
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
        following.ifPresent(RouteWatches::close);
        aside.shutdownNow();
    }
}
