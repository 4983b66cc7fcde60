package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.GlobalPolicy;
import java.util.Map;
import java.util.Optional;

/** What is in force, as event loops see it. */
public interface Routing {
    RouteTable table();

    /** Whose word is taken for who a client is. */
    CallerOptions callers();

    /** What holds for the whole gateway, to be read once per request or connection. */
    GlobalPolicy policy();

    /** Where the endpoints of a Service are found, now and later. */
    LiveEndpoints endpoints(ServiceRef service);

    /** To be called a few times a second, by anybody: what comes to its end by itself does. */
    void settle(long nanoTime);

    /**
     * Who has an address inside of the cluster; {@link Workload#UNKNOWN} if that is not known, or not certain.
     *
     * @param address 4 or 16 bytes, or none
     */
    Workload workload(byte[] address);

    /** Whether anything is known of Pods. */
    boolean knowsPods();

    /** Who a Pod is, by {@code namespace/name}; {@link Workload#UNKNOWN} if that is not known. */
    Workload pod(String name);

    /** All about TLS. */
    TlsTables tls();

    /** What is in a Secret that an obeyed object refers to; empty if it does not exist, or is not known yet. */
    Optional<Secret<Map<String, byte[]>>> secret(SecretRef ref);
}
