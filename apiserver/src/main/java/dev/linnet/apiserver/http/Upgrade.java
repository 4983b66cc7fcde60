package dev.linnet.apiserver.http;

import java.util.List;

/**
 * That a client wants to go on in another protocol.
 *
 * @param protocol as its Upgrade header names it, {@code websocket}
 * @param headers  those that belong to the new protocol
 */
public record Upgrade(String protocol, List<Header> headers) {

    public Upgrade {
        headers = List.copyOf(headers);
    }

    boolean isWebSocket() {
        return protocol.equalsIgnoreCase("websocket");
    }

    /** Whether a header has to do with the protocol that is changed to, not with this request. */
    public static boolean concerns(String header) {
        return header.regionMatches(true, 0, "Sec-WebSocket-", 0, "Sec-WebSocket-".length())
                || header.regionMatches(true, 0, "X-Stream-Protocol-Version", 0, "X-Stream-Protocol-Version".length());
    }
}
