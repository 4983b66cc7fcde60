package dev.linnet.controller.release;

import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.tell.About;
import dev.linnet.controller.workload.Changed;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;

/**
 * Has told what a turn has done, and ticks it off in the Run, so that the next controller does not tell it again. That takes no turn: nothing
 * has changed about the release itself.
 *
 * @param again takes a turn, for what could not be ticked off
 */
record Telling(World world, Memory memory, Runnable again) {

    /** Returns at once. */
    void tell(Turn.Outcome.Acted acted) {
        About about = new About(world.canary(), world.plan(), Questions.checksum(acted.progress()));
        memory.outbox().post(acted.messages(), about, () -> tickOff(about));
    }

    private void tickOff(About about) {
        memory.turns().lock();
        try {
            Optional<LatestRun> ours = memory.latest().filter(LatestRun::ours);
            if (ours.isPresent()) {
                tickOff(ours.get(), about);
            } else {
                again.run();
            }
        } catch (Changed | KubernetesClientException e) {
            memory.forgetRun();
            again.run();
        } finally {
            memory.turns().unlock();
        }
    }

    private void tickOff(LatestRun latest, About about) throws Changed {
        RunRecord record = latest.record();
        List<Message> untold = memory.outbox().untold(record.pending(), about);
        if (!untold.equals(record.pending())) {
            memory.remember(world.runs().tickOff(latest, untold));
        }
    }
}
