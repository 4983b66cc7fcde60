package dev.linnet.machine.node;

import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.node.PodRunner.End;
import dev.linnet.machine.node.Surroundings.Home;
import dev.linnet.machine.node.probe.Check;
import dev.linnet.machine.node.spec.Folders;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a Pod so that nobody loses a request: it is told to be unready, hooks run, those who send requests get time to hear of
 * it, containers finish what they have, and only then the Pod disappears.
 */
final class PodEnding {
    private static final Logger log = LoggerFactory.getLogger(PodEnding.class);
    private static final Duration USUAL_GRACE = Duration.ofSeconds(30);
    /** The whole machine ends within five seconds. */
    private static final Duration GRACE_WHEN_CLOSING = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    private final Surroundings surroundings;
    private final Home home;
    private final PodRecord record;
    private final PodVoice voice;
    private final StatusWriter status;

    PodEnding(Surroundings surroundings, Home home, PodRecord record, PodVoice voice, StatusWriter status) {
        this.surroundings = surroundings;
        this.home = home;
        this.record = record;
        this.voice = voice;
        this.status = status;
    }

    /** @param wasReady whether it may have requests to finish */
    void run(
            End reason,
            List<ContainerLoop> main,
            List<ContainerLoop> init,
            Optional<InetAddress> address,
            boolean wasReady)
            throws InterruptedException {
        long deadline = System.nanoTime() + grace(reason).toNanos();
        if (reason != End.CLOSING) {
            main.stream()
                    .filter(ContainerLoop::isRunning)
                    .forEach(container -> voice.stopping(
                            container.path(), container.container().getName()));
        }
        if (reason == End.DELETED && address.isPresent()) {
            long begin = System.nanoTime();
            runHooks(main, address.get(), deadline);
            if (wasReady) {
                drain(address.get(), begin, deadline);
            }
        }
        inParallel(main, container -> container.stop(until(deadline)));
        // Sidecars go last, in reverse order: the containers may need them to finish.
        for (ContainerLoop sidecar : init.reversed()) {
            sidecar.stop(until(deadline));
        }
        endLogs();
        if (reason == End.DELETED) {
            status.finish();
            confirm();
        }
        if (reason != End.CLOSING) {
            deleteFolder(surroundings.folder(record.uid()));
        }
    }

    private Duration grace(End reason) {
        if (reason == End.CLOSING) {
            return GRACE_WHEN_CLOSING;
        }
        Pod pod = record.pod();
        Long asked = pod.getMetadata().getDeletionGracePeriodSeconds();
        Long usual = pod.getSpec().getTerminationGracePeriodSeconds();
        Long seconds = asked == null ? usual : asked;
        return seconds == null ? USUAL_GRACE : Duration.ofSeconds(seconds);
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private interface Action {
        void on(ContainerLoop container) throws InterruptedException;
    }

    private static void inParallel(List<ContainerLoop> containers, Action action) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (ContainerLoop container : containers) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    action.on(container);
                } catch (InterruptedException _) {
                    // The machine could not wait any longer.
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
    }

    private void runHooks(List<ContainerLoop> main, InetAddress address, long deadline) throws InterruptedException {
        inParallel(main, container -> {
            Optional<LifecycleHandler> hook = Hooks.preStop(container.container());
            if (hook.isEmpty() || !container.isRunning()) {
                return;
            }
            Check.Target target = new Check.Target(
                    container.container(),
                    address.getHostAddress(),
                    surroundings.addresses().lowPorts(),
                    container.exec());
            new Hooks(home.prober())
                    .run(hook.get(), target, until(deadline))
                    .ifPresent(problem -> voice.failedPreStop(container.path(), problem));
        });
    }

    /** Waits until endpoint slices no longer name the Pod and those who follow them have had time to follow. */
    private void drain(InetAddress address, long begin, long deadline) throws InterruptedException {
        DrainTimes times = surroundings.settings().drain();
        long latest = Math.min(deadline, begin + times.longest().toNanos());
        while (surroundings.isRouted(address) && System.nanoTime() < latest) {
            Thread.sleep(LOOK_AGAIN);
        }
        long settled = Math.min(deadline, System.nanoTime() + times.settle().toNanos());
        Thread.sleep(until(settled));
    }

    private void endLogs() {
        try {
            surroundings.logs().end(record.uid());
        } catch (IOException e) {
            log.atWarn().addKeyValue("pod", record.key()).setCause(e).log("Logs did not close cleanly");
        }
    }

    /** Lets the API forget the Pod. If it does not hear, the Pod stays in Terminating: so until it has heard. */
    private void confirm() throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (!confirmOnce()) {
            RunningContainer.throwIfInterrupted();
            Thread.sleep(retry);
            retry = ContainerLoop.longer(retry);
        }
    }

    private boolean confirmOnce() {
        String path = "/api/v1/namespaces/" + record.key().namespace() + "/pods/"
                + record.key().name();
        Map<String, Object> options = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "DeleteOptions",
                "gracePeriodSeconds",
                0,
                "preconditions",
                Map.of("uid", record.uid()));
        try {
            surroundings.client().raw(path, "DELETE", options);
            return true;
        } catch (KubernetesClientException e) {
            // Deleted by somebody else, or even made anew.
            return ReconcileLoop.isNotFound(e) || ReconcileLoop.isConflict(e);
        }
    }

    /** Deletes a Pod's folder, as far as that can be done. */
    static void deleteFolder(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            log.atWarn().addKeyValue("folder", folder).setCause(e).log("Folder of an ended Pod is left over");
        }
    }
}
