package dev.linnet.controller.release;

import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Fence;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** Lets a turn write as long as its controller is the one that acts. One that does not act yet begins to, and decides again. */
record RunFence(Runs runs, Memory memory) implements Fence {

    @Override
    public void check() throws Changed {
        LatestRun latest = memory.latest().orElse(LatestRun.NONE);
        if (latest.ours()) {
            runs.check(latest);
            return;
        }
        memory.remember(runs.claim(latest));
        throw new Changed("this controller acts now");
    }

    @Override
    public void wrote(HasMetadata now) {
        memory.news().wrote(now.getMetadata());
    }
}
