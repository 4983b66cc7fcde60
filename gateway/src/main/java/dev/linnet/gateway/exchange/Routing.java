package dev.linnet.gateway.exchange;

import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;

/** What is in force, as event loops see it. */
public interface Routing {
    RouteTable table();

    /** Where the endpoints of a Service are found, now and later. */
    LiveEndpoints endpoints(ServiceRef service);
}
