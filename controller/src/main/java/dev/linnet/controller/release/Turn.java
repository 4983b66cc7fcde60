package dev.linnet.controller.release;

import dev.linnet.controller.api.CanaryStatus;
import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.api.RunStory;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.rollout.Rollout;
import dev.linnet.rollout.evidence.Evidence;
import dev.linnet.rollout.evidence.Evidence.Wishes;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.run.Orders;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Versions;
import dev.linnet.rollout.step.Effect;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Pause;
import dev.linnet.rollout.step.Step;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One turn of a release: look, decide, and ask or act. It never waits for anything but the API server. The order of an act is effects, Run,
 * status, telling; after a crash between any two the same is decided again, and what was to be told stands in the Run.
 */
final class Turn {
    private final World world;
    private final Memory memory;
    private final Questions questions;
    private final Instant now;

    Turn(World world, Memory memory, Questions questions, Instant now) {
        this.world = world;
        this.memory = memory;
        this.questions = questions;
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
        RunRecord record = record();
        Progress progress = progress(record);
        Instant began = memory.began(progress.run().number(), now);
        Target target = target(progress);
        Rollout rollout = new Rollout(world.plan().release());
        while (true) {
            Step step = rollout.next(progress, evidence(target));
            switch (step) {
                case Step.Act act -> {
                    return act(act, record, progress);
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

    private RunRecord record() {
        RunRecord record = memory.record().orElseGet(() -> new Runs(world).latest());
        memory.remember(record);
        return record;
    }

    private Progress progress(RunRecord record) {
        Progress ofStatus = CanaryStatus.read(world.canary().getStatus());
        if (record.equals(RunRecord.NONE)) {
            return ofStatus;
        }
        Versions versions = new Versions(
                ofStatus.versions().applied(),
                record.promoted(ofStatus.versions().promoted()));
        return ofStatus.withRun(record.run()).withVersions(versions);
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
            Deployment target = world.deployments().target();
            world.deployments().label(target);
            boolean foreign = progress.versions().applied().isForeign();
            return new Target.Found(
                    world.deployments().version(target),
                    foreign && world.deployments().isLikePrimary(target));
        } catch (Unusable e) {
            return new Target.Unusable(e.text());
        }
    }

    private PersonAction action() {
        return PersonActions.read(world.canary());
    }

    private Outcome act(Step.Act act, RunRecord record, Progress before) throws Unusable, Changed {
        Effects effects = new Effects(world);
        for (Effect effect : act.effects()) {
            effects.apply(effect);
        }
        List<Message> pending = new ArrayList<>(memory.untold(record.pending()));
        pending.addAll(act.messages());
        RunRecord next = new RunRecord(
                act.next().run(), act.next().versions().promoted().configs(), pending, story(act, record, before));
        if (!next.equals(record)) {
            new Runs(world).write(next, act.next());
            memory.remember(next);
        }
        if (!act.next().showsTheSameAs(before)) {
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

    private void writeStatus(Progress next) throws Changed {
        String patch = CanaryStatus.patch(
                        next,
                        world.plan().release().kind(),
                        world.canary().getStatus(),
                        world.canary().getMetadata().getResourceVersion(),
                        now)
                .toString();
        try {
            world.client()
                    .resource(world.canary())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        } catch (KubernetesClientException e) {
            throw Writes.conflict(e, world.canary());
        }
    }
}
