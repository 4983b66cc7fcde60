package dev.linnet.routing.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How often one client may use the routes of one Ingress (spec of ingress-nginx, §4.7). For all gateways together: each ready one grants
 * its part.
 *
 * @param perSecond         requests
 * @param perMinute         requests
 * @param connections       requests at the same time
 * @param burst             how many times the limit may come at once
 * @param exempt            clients that are not counted
 * @param status            of the answer to a request too many
 * @param connectionsStatus the same for too many at the same time
 */
public record Rates(
        OptionalInt perSecond,
        OptionalInt perMinute,
        OptionalInt connections,
        int burst,
        AddressRanges exempt,
        int status,
        int connectionsStatus) {

    public static final int USUAL_BURST = 5;

    /** No limit. */
    public static final Rates UNLIMITED = new Rates(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), USUAL_BURST, AddressRanges.NONE, 503, 503);

    public boolean isUnlimited() {
        return perSecond.isEmpty() && perMinute.isEmpty() && connections.isEmpty();
    }

    /** What is granted, for people. */
    public List<String> demands() {
        List<String> demands = new ArrayList<>();
        perSecond.ifPresent(limit -> demands.add("at most " + limit + " requests a second from one address"));
        perMinute.ifPresent(limit -> demands.add("at most " + limit + " requests a minute from one address"));
        connections.ifPresent(limit -> demands.add("at most " + limit + " requests at a time from one address"));
        return demands;
    }
}
