package dev.linnet.gateway.ops;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import java.util.List;
import java.util.Map;

/** What is in force, as people who ask see it. */
public interface Watched {
    RouteTable table();

    List<Endpoint> endpointsOf(ServiceRef service);

    boolean installed();

    /** The versions of the objects that the table was compiled from: {@code kind/ns/name} to resourceVersion. */
    Map<String, String> applied();
}
