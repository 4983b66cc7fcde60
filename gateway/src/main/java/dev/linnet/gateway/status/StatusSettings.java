package dev.linnet.gateway.status;

import java.time.Duration;

/**
 * What is written, and by whom.
 *
 * @param published where the gateway can be reached
 * @param identity  name of this gateway among its replicas: its Pod's name
 * @param insists   whether that is written even if another controller does so, too
 * @param lease     which one of the replicas writes
 * @param pace      how soon
 */
public record StatusSettings(Published published, String identity, boolean insists, Lease lease, Pace pace) {

    public StatusSettings(Published published, String identity, boolean insists) {
        this(published, identity, insists, Lease.DEFAULT, Pace.DEFAULT);
    }

    /**
     * The Lease whose holder writes.
     *
     * @param duration after which another may take it
     * @param renewal  how long the holder tries to renew before it stops writing; less than {@code duration}
     * @param retry    pause between two tries
     */
    public record Lease(String namespace, String name, Duration duration, Duration renewal, Duration retry) {
        public static final Lease DEFAULT = new Lease(
                "linnet-system",
                "linnet-gateway-status",
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }

    /**
     * When something is looked at again of which nobody tells.
     *
     * @param round    how often it is looked where the gateway can be reached, and who else says so
     * @param patience how long a Service may be without endpoints before somebody is told
     */
    public record Pace(Duration round, Duration patience) {
        public static final Pace DEFAULT = new Pace(Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
