package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestHead;
import java.nio.charset.StandardCharsets;

/** The id of a request that more than one is told of: it is the same for all. */
final class RequestId {
    private static final byte[] NAME = "x-request-id".getBytes(StandardCharsets.US_ASCII);

    private RequestId() {}

    /** The client's; else one that is made now, which the backend gets too. */
    static String settle(Visit visit) {
        RequestHead head = visit.head();
        String told = head.joined(NAME);
        if (!told.isEmpty()) {
            return told;
        }
        return visit.requestEdits().requestId().orElseGet(() -> make(visit));
    }

    private static String make(Visit visit) {
        String id = "%016x%016x"
                .formatted(
                        visit.loop().random().nextLong(), visit.loop().random().nextLong());
        visit.requestEdits().requestId(id);
        return id;
    }
}
