package dev.linnet.machine.node.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * What a client could go on in.
 *
 * @param upgrade   as its Upgrade header says it; empty when it says nothing
 * @param protocols to be spoken over that
 */
record Offer(String upgrade, List<String> protocols) {
    /** Where clients name protocols that they speak over SPDY. */
    static final String STREAM_PROTOCOL = "X-Stream-Protocol-Version";

    Offer {
        protocols = List.copyOf(protocols);
    }

    static Offer of(Request request) {
        String upgrade = request.getHeaders().get(HttpHeader.UPGRADE);
        List<String> protocols = new ArrayList<>(
                "websocket".equalsIgnoreCase(upgrade)
                        ? request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false)
                        : request.getHeaders().getCSV(STREAM_PROTOCOL, false));
        return new Offer(upgrade == null ? "" : upgrade, protocols);
    }

    boolean webSocket() {
        return upgrade.equalsIgnoreCase("websocket");
    }

    boolean spdy() {
        return upgrade.equalsIgnoreCase("SPDY/3.1");
    }

    boolean has(String protocol) {
        return protocols.contains(protocol);
    }

    /** The first of some protocols that the client speaks too. */
    Optional<String> firstOf(List<String> known) {
        return known.stream().filter(protocols::contains).findFirst();
    }
}
