package dev.linnet.gateway.ops;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is in force, as people who ask see it. */
public interface Watched {
    RouteTable table();

    List<Endpoint> endpointsOf(ServiceRef service);

    /** What holds for all requests to a Service port. */
    TrafficPolicy policyOf(ServiceRef service);

    boolean installed();

    /** The versions of the objects that the table was compiled from: {@code kind/ns/name} to resourceVersion. */
    Map<String, String> applied();

    /** Mistakes of the authors of what the table was compiled from. */
    List<Problem> problems();

    /** How often the table was changed. */
    Changes changes();

    /**
     * How often a table was put in force, or could not be.
     *
     * @param lastAt     when the last one was put in force; 1970 if none ever was
     * @param lastFailed whether the last attempt failed
     */
    record Changes(long successes, long failures, Instant lastAt, boolean lastFailed) {
        public static final Changes NONE = new Changes(0, 0, Instant.EPOCH, false);

        public Changes succeeded(Instant now) {
            return new Changes(successes + 1, failures, now, false);
        }

        public Changes failed() {
            return new Changes(successes, failures + 1, lastAt, true);
        }
    }
}
