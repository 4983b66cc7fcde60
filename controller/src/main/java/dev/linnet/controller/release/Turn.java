package dev.linnet.controller.release;

import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.CanaryStatus;
import dev.linnet.controller.api.RunMetrics;
import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.api.RunStory;
import dev.linnet.controller.tell.About;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Workload;
import dev.linnet.controller.workload.Writes;
import dev.linnet.rollout.Rollout;
import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.Evidence.Wishes;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Orders;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Versions;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One turn of a release: look, decide, and ask or act. It never waits for anything but the API server. The order of an act is effects, Run,
 * status, telling; after a crash between any two the same is decided again, and what was to be told stands in the Run.
 */
final class Turn {
    private final World world;
    private final Memory memory;
    private final Questions questions;
    private final Consumer<List<String>> concerns;
    private final Runs runs;
    private final Instant now;

    /** @param concerns is told which ConfigMaps and Secrets belong to the target */
    Turn(World world, Memory memory, Questions questions, Consumer<List<String>> concerns, Instant now) {
        this.world = world;
        this.memory = memory;
        this.questions = questions;
        this.concerns = concerns;
        this.runs = world.runs();
        this.now = now;
    }

    /** How a turn ended. */
    sealed interface Outcome {
        Progress progress();

        /** A question is to be asked elsewhere; its answer is the next turn. */
        record Waits(Question<?> question, Progress progress, Instant began) implements Outcome {}

        /** Something was done, and this is to be told. */
        record Acted(List<Message> messages, Progress progress, Pause pause) implements Outcome {}
    }

    Outcome take() throws Unusable, Changed, InterruptedException {
        RunRecord record = latest().record();
        Progress shown = CanaryStatus.read(world.canary().getStatus());
        Progress progress = progress(record, shown);
        Instant began = memory.began(progress.run().number(), now);
        if (record.shown().isAheadOf(shown)) {
            return finish(record, progress);
        }
        if (progress.versions().applied().isForeign()) {
            new Handover(world).take();
        }
        Target target = target(progress);
        Rollout rollout = new Rollout(world.plan().release());
        while (true) {
            Step step = rollout.next(progress, evidence(target));
            switch (step) {
                case Step.Act act -> {
                    return act(rollout, act, record, progress, target);
                }
                case Step.Ask ask -> {
                    if (!Questions.isQuick(ask.question())) {
                        return new Outcome.Waits(ask.question(), progress, began);
                    }
                    answer(ask.question(), progress, began);
                }
            }
        }
    }

    private void answer(Question<?> question, Progress progress, Instant began) throws InterruptedException {
        int era = memory.ask(question)
                .orElseThrow(() -> new IllegalStateException("asked twice within one turn: " + question));
        memory.answer(question, questions.ask(question, world, progress, began), era);
    }

    private LatestRun latest() {
        LatestRun latest = memory.latest().orElseGet(runs::latest);
        memory.remember(latest);
        return latest;
    }

    private static Progress progress(RunRecord record, Progress shown) {
        if (record.equals(RunRecord.NONE)) {
            return shown;
        }
        Progress reached = record.shown().isAheadOf(shown) ? record.shown().after() : shown;
        Versions versions = new Versions(
                reached.versions().applied(), record.promoted(reached.versions().promoted()));
        return reached.withRun(record.run()).withVersions(versions);
    }

    /** The last act was cut short before the Canary showed it. */
    private Outcome finish(RunRecord record, Progress progress) throws Changed {
        writeStatus(progress);
        memory.forgetAnswers();
        return new Outcome.Acted(untold(record), progress, Pause.NONE);
    }

    private List<Message> untold(RunRecord record) {
        return memory.outbox().untold(record.pending(), new About(world.canary(), world.plan(), ""));
    }

    private Evidence evidence(Target target) {
        return new Evidence(
                now,
                target,
                memory.answers(),
                memory.comparison(),
                new Wishes(world.canary().isMarkedForDeletion(), action()));
    }

    private Target target(Progress progress) {
        try {
            Workload.Found found = world.workload().find();
            concerns.accept(found.configs());
            boolean foreign = progress.versions().applied().isForeign();
            return new Target.Found(found.version(), foreign && world.workload().isLikePrimary());
        } catch (Unusable e) {
            return new Target.Unusable(e.text());
        }
    }

    private PersonAction action() {
        return PersonActions.read(world.canary());
    }

    /** A run that cannot go on is waiting, with all that this means; where none goes on, somebody is told. */
    private Outcome act(Rollout rollout, Step.Act act, RunRecord record, Progress before, Target target)
            throws Unusable, Changed {
        try {
            Effects effects = new Effects(world, act.next().cookies());
            for (Effect effect : act.effects()) {
                effects.apply(effect);
            }
        } catch (Unusable e) {
            if (before.phase().isRunning()
                    && rollout.obstructed(before, evidence(target), e.text()) instanceof Step.Act instead) {
                return note(instead, record, before);
            }
            throw e;
        }
        return note(act, record, before);
    }

    /** What was done, and what is to be told, is written down. */
    private Outcome note(Step.Act act, RunRecord record, Progress before) throws Changed {
        List<Message> pending = new ArrayList<>(untold(record));
        pending.addAll(act.messages());
        Optional<RunMetrics> measured = measured();
        RunStory story = story(act, record, before);
        RunRecord next = new RunRecord(
                act.next().run(),
                act.next().versions().promoted().configs(),
                pending,
                measured.map(metrics -> story.plus(metrics.check(before.counters())))
                        .orElse(story),
                new RunRecord.Shown(before, act.next()));
        boolean shows = !act.next().showsTheSameAs(before);
        if (shows || !next.saysTheSameAs(record)) {
            write(next, act.next(), measured);
        }
        if (shows) {
            writeStatus(act.next());
        }
        memory.forgetAnswers();
        return new Outcome.Acted(pending, act.next(), act.pause());
    }

    private RunStory story(Step.Act act, RunRecord record, Progress before) {
        boolean goesOn = act.next().run().number() == before.run().number();
        RunStory story = (goesOn ? record.story() : RunStory.EMPTY).plus(act.messages(), now);
        Orders orders = act.next().run().orders();
        return orders.handled().equals(before.run().orders().handled())
                ? story
                : story.plus(action(), orders.refusal());
    }

    /** What this act was decided by, if metrics were asked for. */
    private Optional<RunMetrics> measured() {
        Release release = world.plan().release();
        return memory.answers()
                .to(new Question.Metrics(release.analysis().checks().metrics()))
                .map(answer -> RunMetrics.of(release, answer.values(), now));
    }

    private void write(RunRecord record, Progress progress, Optional<RunMetrics> measured) throws Changed {
        LatestRun latest = latest();
        boolean begins = record.run().number() != latest.record().run().number();
        if (begins || !latest.exists()) {
            new RunFence(runs, memory).check();
        }
        memory.remember(runs.write(record, progress, measured, latest));
    }

    private void writeStatus(Progress next) throws Changed {
        String patch = CanaryStatus.patch(
                        next,
                        world.plan().release().kind(),
                        world.canary().getStatus(),
                        world.canary().getMetadata().getResourceVersion(),
                        now)
                .toString();
        try {
            Canary written = world.client()
                    .resource(world.canary())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            memory.news().wrote(written.getMetadata());
        } catch (KubernetesClientException e) {
            throw Writes.conflict(e, world.canary());
        }
    }
}
