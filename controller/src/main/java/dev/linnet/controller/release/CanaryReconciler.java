package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.tell.About;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Pause;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a turn for a Canary whenever something that concerns it has changed, an answer has come, or its time has come. */
public final class CanaryReconciler implements Reconciler<Canary>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryReconciler.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration WATCHING = Duration.ofSeconds(1);

    private final Worlds worlds;
    private final Questions questions;
    private final GatewayNumbers numbers;
    private final List<Teller> tellers;
    private final InstantSource clock;
    private final Interest interest = new Interest();
    private final Map<ResourceID, Memory> memories = new ConcurrentHashMap<>();
    private final SimpleInboundEventSource<Canary> inbox = new SimpleInboundEventSource<>("answers");
    private final ExecutorService aside = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("release-", 0).factory());

    CanaryReconciler(
            Worlds worlds, Questions questions, GatewayNumbers numbers, List<Teller> tellers, InstantSource clock) {
        this.worlds = worlds;
        this.questions = questions;
        this.numbers = numbers;
        this.tellers = List.copyOf(tellers);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Canary>> prepareEventSources(EventSourceContext<Canary> context) {
        return List.of(
                inbox,
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(Deployment.class, Canary.class)
                                .withSecondaryToPrimaryMapper(interest::of)
                                .build(),
                        context),
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(Ingress.class, Canary.class)
                                .withSecondaryToPrimaryMapper(interest::of)
                                .build(),
                        context));
    }

    @Override
    public UpdateControl<Canary> reconcile(Canary cached, Context<Canary> context) throws InterruptedException {
        ResourceID id = ResourceID.fromResource(cached);
        // The cache may not know yet what the last turn wrote, and two halves of different ages make a third state.
        Optional<Canary> live = worlds.live(cached);
        if (live.isEmpty()) {
            interest.forget(id);
            memories.remove(id);
            return UpdateControl.noUpdate();
        }
        return reconcile(id, live.get(), memories.computeIfAbsent(id, _ -> new Memory()));
    }

    private UpdateControl<Canary> reconcile(ResourceID id, Canary canary, Memory memory) throws InterruptedException {
        try {
            CanaryPlan plan = worlds.plan(canary);
            interest.in(id, plan);
            return turn(id, worlds.of(canary, plan), memory);
        } catch (UnreadableCanary e) {
            complain(canary, memory, "invalid canary spec: " + e.text());
            return UpdateControl.noUpdate();
        }
    }

    private UpdateControl<Canary> turn(ResourceID id, World world, Memory memory) throws InterruptedException {
        try {
            Turn.Outcome outcome = new Turn(world, memory, questions, clock.instant()).take();
            memory.complains("");
            memory.at(outcome.progress().phase());
            compare(world, memory, outcome.progress());
            return switch (outcome) {
                case Turn.Outcome.Waits waits -> ask(id, world, memory, waits);
                case Turn.Outcome.Acted acted -> acted(id, world, memory, acted);
            };
        } catch (Changed e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("decides again");
            memory.forgetAnswers();
            memory.forgetRecord();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(Duration.ofMillis(100));
        } catch (Unusable e) {
            complain(world.canary(), memory, e.text());
            memory.forgetAnswers();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
        } catch (KubernetesClientException e) {
            complain(world.canary(), memory, String.valueOf(e.getMessage()));
            memory.forgetAnswers();
            memory.forgetRecord();
            return UpdateControl.<Canary>noUpdate().rescheduleAfter(AGAIN);
        }
    }

    private UpdateControl<Canary> ask(ResourceID id, World world, Memory memory, Turn.Outcome.Waits waits) {
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
            memory.forgetAnswers();
            inbox.propagateEvent(id);
        }
    }

    private UpdateControl<Canary> acted(ResourceID id, World world, Memory memory, Turn.Outcome.Acted acted) {
        if (!acted.messages().isEmpty()) {
            aside.execute(() -> tell(world, memory, acted));
        }
        UpdateControl<Canary> none = UpdateControl.noUpdate();
        Phase phase = acted.progress().phase();
        return switch (acted.pause()) {
            case Pause.UntilChange _ -> none;
            case Pause.For pause -> {
                if (pause.time().isZero()) {
                    inbox.propagateEvent(id);
                    yield none;
                }
                boolean watched = phase.isAnalysing() && pause.time().compareTo(WATCHING) > 0;
                yield none.rescheduleAfter(watched ? WATCHING : pause.time());
            }
        };
    }

    /** What has happened to requests since the step began, for the decision to end a release at once. */
    private void compare(World world, Memory memory, Progress progress) {
        if (!progress.phase().isAnalysing() || world.plan().ingress().isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        int step = progress.run().clock().step();
        Comparison before = memory.comparison();
        if (before.step() != step) {
            memory.compare(Comparison.ofStep(step), now);
            return;
        }
        Instant since = memory.compared();
        memory.compare(
                before.plus(numbers.requests(world.plan(), true, since), numbers.requests(world.plan(), false, since)),
                now);
    }

    private void tell(World world, Memory memory, Turn.Outcome.Acted acted) {
        About about = new About(world.canary(), world.plan(), Questions.checksum(acted.progress()));
        try {
            memory.tell(acted.messages(), message -> tell(message, about));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell(Message message, About about) throws InterruptedException {
        try {
            for (Teller teller : tellers) {
                teller.tell(message, about);
            }
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("a message could not be told");
            return false;
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

    /** Whether any release runs, so that the gateways' numbers are wanted. */
    public boolean isBusy() {
        return memories.values().stream().anyMatch(Memory::isRunning);
    }

    @Override
    public void close() {
        aside.shutdownNow();
    }
}
