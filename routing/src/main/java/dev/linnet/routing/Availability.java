package dev.linnet.routing;

/** Which backends can serve at this moment. */
@FunctionalInterface
public interface Availability {
    boolean hasEndpoints(ServiceRef service);
}
