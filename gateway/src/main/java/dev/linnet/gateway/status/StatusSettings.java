package dev.linnet.gateway.status;

import java.time.Duration;
import java.util.List;

/**
 * What is written, and by whom.
 *
 * @param addresses where the gateway can be reached: IP addresses or host names
 * @param ports     on which TCP ports
 * @param identity  name of this gateway among its replicas: its Pod's name
 * @param lease     which one of the replicas writes
 */
public record StatusSettings(List<String> addresses, List<Integer> ports, String identity, Lease lease) {
    public StatusSettings {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    public StatusSettings(List<String> addresses, List<Integer> ports, String identity) {
        this(addresses, ports, identity, Lease.DEFAULT);
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
}
