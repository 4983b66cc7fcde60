package dev.linnet.gateway.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Competes for the Lease, again and again until closed. A missing namespace is waited for. */
final class StatusLease implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusLease.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final StatusSettings settings;
    private final Runnable won;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean held;

    /** {@code won} is called each time the Lease becomes ours. */
    StatusLease(KubernetesClient client, StatusSettings settings, Runnable won) {
        this.client = client;
        this.settings = settings;
        this.won = won;
        this.thread = Thread.ofVirtual().name("linnet-status-lease").unstarted(this::compete);
    }

    void start() {
        thread.start();
    }

    boolean held() {
        return held;
    }

    private void compete() {
        try {
            do {
                if (namespaceExists()) {
                    client.leaderElector().withConfig(config()).build().run(); // Ends when the Lease is lost.
                }
            } while (!closed.await(settings.lease().retry().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    /** The elector would complain with a stack trace at each try. Who may not look does not know better. */
    private boolean namespaceExists() {
        try {
            return client.namespaces().withName(settings.lease().namespace()).get() != null;
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
        }
    }

    private LeaderElectionConfig config() {
        StatusSettings.Lease lease = settings.lease();
        return new LeaderElectionConfigBuilder()
                .withName(lease.name())
                .withLock(new LeaseLock(lease.namespace(), lease.name(), settings.identity()))
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.renewal())
                .withRetryPeriod(lease.retry())
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(this::gained, this::lost, _ -> {}))
                .build();
    }

    private void gained() {
        held = true;
        log.atInfo().addKeyValue("lease", settings.lease().name()).log("This gateway writes statuses and Events");
        won.run();
    }

    private void lost() {
        held = false;
        log.atInfo().addKeyValue("lease", settings.lease().name()).log("Another gateway may write statuses and Events");
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(CLOSE_DEADLINE)) {
                log.atWarn().addKeyValue("deadline", CLOSE_DEADLINE).log("Lease is not released");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
