package dev.linnet.machine.node;

import dev.linnet.machine.node.probe.Check;
import dev.linnet.machine.node.probe.Prober;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Does what a container wants to be done when it has started ({@code postStart}) or is to end ({@code preStop}). */
record Hooks(Prober prober) {

    /**
     * Returns when it is done.
     *
     * @param longest after which a hook is over, whatever it does
     * @return what went wrong, in kubelet's words; empty when nothing did
     */
    Optional<String> run(LifecycleHandler hook, Check.Target target, Duration longest) throws InterruptedException {
        if (hook.getSleep() != null) {
            Duration asked = Duration.ofSeconds(
                    Objects.requireNonNullElse(hook.getSleep().getSeconds(), 0L));
            Thread.sleep(asked.compareTo(longest) < 0 ? asked : longest);
            return Optional.empty();
        }
        Check check = Check.of(hook.getHttpGet(), hook.getTcpSocket(), null, hook.getExec(), target);
        if (check instanceof Check.Unsupported unsupported) {
            return Optional.of(unsupported.what());
        }
        Prober.Result result = prober.ask(check, longest);
        RunningContainer.throwIfInterrupted();
        return result.success() ? Optional.empty() : Optional.of(result.message());
    }

    static Optional<LifecycleHandler> preStop(Container container) {
        return Optional.ofNullable(container.getLifecycle()).map(Lifecycle::getPreStop);
    }

    static Optional<LifecycleHandler> postStart(Container container) {
        return Optional.ofNullable(container.getLifecycle()).map(Lifecycle::getPostStart);
    }
}
