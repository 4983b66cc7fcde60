package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the status of an object should say of one generation of it. */
public record ObjectStatus(long generation, Wanted wanted) {

    /**
     * The status to be written.
     *
     * @param current   what it says now; what others have written into it stays
     * @param addresses where the gateway can be reached
     * @return empty if that says it all
     */
    public Optional<ObjectNode> toWrite(JsonNode current, List<Address> addresses, Instant now) {
        ObjectNode next = new StatusJson(generation, now).next(wanted, current, addresses);
        return next.equals(current) ? Optional.empty() : Optional.of(next);
    }

    /**
     * Where the gateway can be reached.
     *
     * @param type {@code IPAddress} or {@code Hostname}
     */
    public record Address(String type, String value) {}
}
