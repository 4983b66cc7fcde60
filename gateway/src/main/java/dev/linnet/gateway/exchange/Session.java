package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.SessionCookie;
import dev.linnet.gateway.balance.Stickiness;
import dev.linnet.routing.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One request's tie to an endpoint (spec of ingress-nginx, §1.11.4). A new one is told to the client, whoever answers in the end. */
final class Session {
    private final Sessions sessions;
    private final Optional<String> key;
    private final String userAgent;
    private final boolean tls;
    private final Exchange exchange;

    Session(Sessions sessions, Optional<String> key, String userAgent, boolean tls, Exchange exchange) {
        this.sessions = sessions;
        this.key = key;
        this.userAgent = userAgent;
        this.tls = tls;
        this.exchange = exchange;
    }

    /** The place of the endpoint for the next attempt; {@link Stickiness#NONE} if a new session finds none that has not failed. */
    int next(Candidates ready, List<Endpoint> tried) {
        boolean stays = tried.isEmpty() || !sessions.affinity().changeOnFailure();
        if (key.isPresent() && stays) {
            int found = sessions.stickiness().find(ready, key.get());
            if (found != Stickiness.NONE) {
                return found;
            }
        }
        return begin(ready, tried);
    }

    private int begin(Candidates ready, List<Endpoint> tried) {
        Instant now = Instant.now();
        Optional<Stickiness.Start> start = sessions.stickiness().start(ready, tried, now);
        if (start.isEmpty()) {
            return Stickiness.NONE;
        }
        exchange.edits()
                .editResponse()
                .setCookie(SessionCookie.of(
                        sessions.affinity(),
                        start.get().key(),
                        sessions.backendKey(),
                        sessions.path(),
                        tls,
                        userAgent,
                        now));
        return start.get().endpoint();
    }
}
