package dev.linnet.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On which port a client finds HTTPS. Who has used one of our own ports stands right before the gateway, and finds it on our other
 * one; all others have come by a load balancer or a Service, which has it where everybody expects it, whatever number it has here.
 */
final class HttpsPorts {
    private static final int USUAL_HTTP = 80;
    private static final int USUAL = 443;

    private final Map<Integer, Integer> byHttp = new ConcurrentHashMap<>();

    void serve(int https, int http) {
        byHttp.put(http, https);
    }

    /**
     * Where to send a client.
     *
     * @param used the port that it has used, as it says itself
     * @return 0 while HTTPS is served nowhere
     */
    int of(int used) {
        if (byHttp.isEmpty()) {
            return 0;
        }
        return used == USUAL_HTTP ? USUAL : byHttp.getOrDefault(used, USUAL);
    }
}
