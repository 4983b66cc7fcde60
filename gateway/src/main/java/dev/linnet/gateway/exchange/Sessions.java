package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Stickiness;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.routing.AffinityCookie;
import dev.linnet.routing.policy.Affinity;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a side of a route ties clients to endpoints.
 *
 * @param backendKey what stands for the side in its cookies
 * @param path       of the route
 */
record Sessions(Affinity affinity, Stickiness stickiness, String backendKey, String path) {

    /** What a request says of its session: its head will not be here when it has to be sent again. */
    Session of(RequestHead head, Caller caller, Exchange exchange) {
        Optional<String> key = AffinityCookie.read(head, affinity.cookie().getBytes(StandardCharsets.UTF_8))
                .map(AffinityCookie::key);
        String agent = affinity.omitNone() ? head.headerText("user-agent") : "";
        return new Session(this, key, agent, caller.isTls(), exchange);
    }
}
