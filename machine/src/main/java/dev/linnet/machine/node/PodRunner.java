package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.Surroundings.Home;
import dev.linnet.machine.node.log.LogLookup;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.spec.VolumeSources;
import dev.linnet.machine.node.stats.MeasuredContainer;
import dev.linnet.machine.node.stats.Usage;
import dev.linnet.machine.node.status.ContainerState;
import dev.linnet.machine.node.status.ContainerView;
import dev.linnet.machine.node.status.PodPhase;
import dev.linnet.machine.node.status.PodReport;
import dev.linnet.machine.podproxy.PodProxy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one Pod on its node. One thread works ({@link #work}): prepare, init containers, containers. Another waits for
 * the order to end, which stops that work wherever it is, and then ends the Pod ({@link PodEnding}).
 */
final class PodRunner {
    private static final Logger log = LoggerFactory.getLogger(PodRunner.class);

    /** Why a Pod ends. */
    enum End {
        /** Somebody deletes it: it gets its grace period, and the API hears when it has ended. */
        DELETED,
        /** The API no longer knows it. */
        GONE,
        /** The machine stops. The Pod stays in the API and runs again when the machine does. */
        CLOSING
    }

    private final Surroundings surroundings;
    private final Home home;
    private final PodRecord record;
    private final PodVoice voice;
    private final Instant startedAt;
    private final PodContainers containers;
    private final StatusWriter status;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Thread control;
    private final Consumer<PodRunner> ended;
    private volatile Optional<InetAddress> address;
    private volatile Optional<PodProxy> proxy = Optional.empty();
    private volatile Optional<VolumeKeeper> volumes = Optional.empty();
    private boolean stopping;
    private volatile boolean ending;

    /**
     * @param reserved the address that it had before this process began; it is given back when the Pod has ended
     * @param ended    called when the Pod has ended
     */
    PodRunner(
            Surroundings surroundings, Home home, Pod pod, Optional<InetAddress> reserved, Consumer<PodRunner> ended) {
        this.surroundings = surroundings;
        this.address = reserved;
        this.ended = ended;
        this.home = home;
        this.record = new PodRecord(pod);
        this.voice = new PodVoice(home.events(), record);
        this.startedAt = Optional.ofNullable(pod.getStatus())
                .map(PodStatus::getStartTime)
                .map(time -> OffsetDateTime.parse(time).toInstant())
                .orElseGet(() -> surroundings.clock().instant());
        this.status = new StatusWriter(surroundings.client(), record, this::report, surroundings.clock());
        this.containers = PodContainers.of(record, voice, surroundings.clock(), status::changed);
        this.control = Thread.ofVirtual().name("pod " + record.key()).unstarted(this::control);
    }

    void start() {
        control.start();
    }

    String uid() {
        return record.uid();
    }

    /** Empty while it has none. */
    Optional<InetAddress> address() {
        return address;
    }

    /** Takes over what the API now says about this Pod. */
    void update(Pod pod) {
        Pod before = record.pod();
        record.offer(pod);
        if (VolumeSources.haveThePodItself(pod) && !describesTheSame(before, record.pod())) {
            volumes.ifPresent(VolumeKeeper::touch);
        }
        if (record.isDeleted()) {
            end(End.DELETED);
        }
    }

    private static boolean describesTheSame(Pod one, Pod other) {
        return Objects.equals(one.getMetadata().getLabels(), other.getMetadata().getLabels())
                && Objects.equals(
                        one.getMetadata().getAnnotations(), other.getMetadata().getAnnotations());
    }

    void configMapChanged(String name) {
        volumes.filter(_ -> VolumeSources.haveConfigMap(record.pod(), name)).ifPresent(VolumeKeeper::touch);
    }

    void secretChanged(String name) {
        volumes.filter(_ -> VolumeSources.haveSecret(record.pod(), name)).ifPresent(VolumeKeeper::touch);
    }

    /** Begins to end the Pod, unless that has begun. */
    void end(End reason) {
        end.complete(reason);
    }

    /** Waits until the Pod has ended; false when it has not in time. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return control.join(patience);
    }

    /** Ends the wait for the Pod to end nicely. */
    void hurry() {
        control.interrupt();
    }

    /** A container by its name; empty when there is no such container. */
    Optional<ContainerView> view(String container) {
        return containers.all().stream()
                .map(ContainerLoop::view)
                .filter(view -> view.name().equals(container))
                .findFirst();
    }

    /**
     * Its containers, with what they use now; none at all when one of them runs that nobody can measure, as inside this JVM: a part would pass for the
     * whole.
     *
     * @param used by the container's folder
     */
    Map<MeasuredContainer, Usage> measured(Map<Path, Usage> used) {
        MeasuredContainer.Pod pod = new MeasuredContainer.Pod(
                record.key().namespace(), record.key().name(), record.uid(), home.node(), startedAt);
        Map<MeasuredContainer, Usage> measured = new HashMap<>();
        for (ContainerLoop loop : containers.all()) {
            ContainerView view = loop.view();
            if (view.state() instanceof ContainerState.Running) {
                Usage usage = used.get(surroundings.containerFolder(record.uid(), view.name()));
                if (usage == null) {
                    return Map.of();
                }
                measured.put(new MeasuredContainer(pod, view.name(), view.restarts()), usage);
            }
        }
        return measured;
    }

    /** How to run commands in a container, where there are commands and it runs. */
    Optional<Image.Exec> exec(String container) {
        return containers.all().stream()
                .filter(loop -> loop.view().name().equals(container))
                .findFirst()
                .flatMap(ContainerLoop::exec);
    }

    /** Which log shows this container. */
    LogLookup.Answer logOf(ContainerView view) {
        // Between two lives the last one is what people want to see.
        if (view.state() instanceof ContainerState.Waiting waiting
                && view.last().isEmpty()) {
            return new LogLookup.NotYet("container \"%s\" in pod \"%s\" is waiting to start: %s"
                    .formatted(view.name(), record.key().name(), waiting.reason()));
        }
        LogStore.Life life = new LogStore.Life(record.uid(), view.name(), view.restarts());
        boolean lives = !(view.state() instanceof ContainerState.Waiting);
        return new LogLookup.Found(life, lives ? life.earlier(1) : life);
    }

    private PodReport report() {
        return new PodReport(
                record.pod(),
                containers.init().stream().map(ContainerLoop::view).toList(),
                containers.main().stream().map(ContainerLoop::view).toList(),
                address.map(InetAddress::getHostAddress),
                home.address().getHostAddress(),
                startedAt,
                ending);
    }

    private void control() {
        try {
            boolean over = record.isDeleted() || isOver();
            if (!over) {
                status.start();
                spawn("work", this::work);
            }
            End reason = end.get();
            stopWorking();
            boolean wasReady = report().isReady();
            if (reason == End.CLOSING) {
                // The API is to remember the Pod as it was: it will run again.
                status.close();
            } else {
                ending = true;
                status.changed();
            }
            new PodEnding(surroundings, home, record, voice, status)
                    .run(reason, containers.main(), containers.init(), address, wasReady);
        } catch (InterruptedException _) {
            // close() could not wait any longer: this process ends, and with it all that runs here.
        } catch (ExecutionException e) {
            throw new AssertionError("an end never fails", e);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("pod", record.key()).setCause(e).log("Pod could not be ended cleanly");
        } finally {
            status.close();
            proxy.ifPresent(PodProxy::close);
            address.ifPresent(surroundings.addresses().pods()::release);
            ended.accept(this);
        }
    }

    private boolean isOver() {
        String phase =
                record.pod().getStatus() == null ? "" : record.pod().getStatus().getPhase();
        return PodPhase.SUCCEEDED.text().equals(phase) || PodPhase.FAILED.text().equals(phase);
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private synchronized Thread spawn(String what, Work work) throws InterruptedException {
        if (stopping) {
            throw new InterruptedException("the Pod ends");
        }
        Thread thread = Thread.ofVirtual().name(what + " " + record.key()).unstarted(() -> runToEnd(work));
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** Top of a thread. */
    private void runToEnd(Work work) {
        try {
            work.run();
        } catch (InterruptedException _) {
            // The Pod ends.
        } catch (RuntimeException e) {
            log.atError().addKeyValue("pod", record.key()).setCause(e).log("Pod cannot go on");
            voice.failedSandbox(e.toString());
        }
    }

    private void stopWorking() throws InterruptedException {
        List<Thread> toEnd;
        synchronized (this) {
            stopping = true;
            toEnd = List.copyOf(threads);
        }
        toEnd.forEach(Thread::interrupt);
        for (Thread thread : toEnd) {
            thread.join();
        }
    }

    private void work() throws InterruptedException {
        Sandbox sandbox = new PodPreparation(surroundings, home, record, voice)
                .prepare(
                        address,
                        taken -> {
                            address = Optional.of(taken);
                            status.changed();
                        },
                        opened -> proxy = Optional.of(opened));
        if (!sandbox.madeVolumes().isEmpty()) {
            VolumeKeeper keeper = new VolumeKeeper(sandbox, voice);
            volumes = Optional.of(keeper);
            // They may have changed while they were made.
            keeper.touch();
            var _ = spawn("volumes", keeper::work);
        }
        List<Thread> sidecars = new ArrayList<>();
        for (ContainerLoop container : containers.init()) {
            if (RestartPolicy.isSidecar(container.container())) {
                sidecars.add(spawn("sidecar", () -> container.run(sandbox)));
                container.awaitStarted();
            } else {
                container.run(sandbox);
            }
        }
        if (report().phaseNow() == PodPhase.FAILED) {
            return;
        }
        runMain(sandbox);
        for (Thread sidecar : sidecars) {
            sidecar.interrupt();
            sidecar.join();
        }
        for (ContainerLoop container : containers.init()) {
            container.stop(Duration.ofSeconds(30));
        }
    }

    private void runMain(Sandbox sandbox) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (ContainerLoop container : containers.main()) {
            running.add(spawn("container", () -> container.run(sandbox)));
        }
        for (Thread thread : running) {
            thread.join();
        }
    }
}
