package dev.linnet.gateway.exchange;

import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.GlobalPolicy;

/** What is in force, as event loops see it. */
public interface Routing {
    RouteTable table();

    /** Whose word is taken for who a client is. */
    CallerOptions callers();

    /** What holds for the whole gateway, to be read once per request or connection. */
    GlobalPolicy policy();

    /** Where the endpoints of a Service are found, now and later. */
    LiveEndpoints endpoints(ServiceRef service);
}
