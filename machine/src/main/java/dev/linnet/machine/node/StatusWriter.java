package dev.linnet.machine.node;

import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.node.status.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the API's status of one Pod up to date. Changes that come while a write is under way become one write; what has not
 * changed is not written.
 */
final class StatusWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
    /** A Pod that starts changes several times within a few milliseconds. */
    private static final Duration GATHER = Duration.ofMillis(5);

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final PodRecord record;
    private final Supplier<PodReport> report;
    private final InstantSource clock;
    private final Semaphore dirty = new Semaphore(0);
    private final Thread thread;
    private Optional<PodStatus> written = Optional.empty();

    StatusWriter(KubernetesClient client, PodRecord record, Supplier<PodReport> report, InstantSource clock) {
        this.client = client;
        this.record = record;
        this.report = report;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("status " + record.key()).unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Something may be different now. */
    void changed() {
        dirty.release();
    }

    private void work() {
        try {
            while (true) {
                dirty.acquire();
                Thread.sleep(GATHER);
                int _ = dirty.drainPermits();
                writeUntilWritten();
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    private void writeUntilWritten() throws InterruptedException {
        Duration retry = FIRST_RETRY;
        while (!write()) {
            RunningContainer.throwIfInterrupted();
            Thread.sleep(retry);
            Duration doubled = retry.multipliedBy(2);
            retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
        }
    }

    /** False when it should be tried again. */
    private synchronized boolean write() {
        PodStatus status = report.get().status(clock.instant());
        if (written.filter(status::equals).isPresent()) {
            return true;
        }
        try {
            record.offer(patch(status));
            written = Optional.of(status);
            return true;
        } catch (KubernetesClientException e) {
            return isHopeless(e);
        }
    }

    private boolean isHopeless(KubernetesClientException failure) {
        if (failure.getCode() == 422) {
            log.atError().addKeyValue("pod", record.key()).setCause(failure).log("The API refuses a Pod's status");
            return true;
        }
        log.atDebug().addKeyValue("pod", record.key()).setCause(failure).log("Status not written");
        // Gone, or another Pod of this name: nobody is left who wants to know.
        return ReconcileLoop.isNotFound(failure) || ReconcileLoop.isConflict(failure);
    }

    private Pod patch(PodStatus status) {
        String json = client.getKubernetesSerialization().asJson(status);
        return client.pods()
                .inNamespace(record.key().namespace())
                .withName(record.key().name())
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"uid\":\"" + record.uid() + "\"},\"status\":" + json + "}");
    }

    /** Writes the last word, once, and ends. Nothing when it has not been started: the status is somebody else's then. */
    void finish() {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        close();
        boolean told = write();
        log.atTrace().addKeyValue("pod", record.key()).addKeyValue("told", told).log("Last status");
    }

    /** Writes no more, except through {@link #finish()}. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
