package dev.linnet.gateway.ops;

import com.sun.net.httpserver.HttpExchange;
import dev.linnet.routing.Secret;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Asks for a bearer token (RFC 6750) where numbers are shown to the network. Whoever is on this machine needs none. */
final class Door {
    private static final String SCHEME = "Bearer ";

    private final boolean loopback;
    private final Bearers bearers;

    Door(InetSocketAddress address, Bearers bearers) {
        this.loopback = address.getAddress().isLoopbackAddress();
        this.bearers = bearers;
    }

    /** What to answer to somebody who may not come in; empty for all others. */
    Optional<Answer> refusal(HttpExchange exchange, String path) {
        if (loopback) {
            return Optional.empty();
        }
        String sent = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (!sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of(unauthorized(exchange, "a bearer token is needed\n"));
        }
        Secret<String> token = Secret.of(sent.substring(SCHEME.length()).strip());
        return switch (bearers.judge(token, path)) {
            case ALLOWED -> Optional.empty();
            case UNKNOWN -> Optional.of(unauthorized(exchange, "this token is not known\n"));
            case FORBIDDEN ->
                Optional.of(Answer.text(403, "this needs the verb get on the nonResourceURL " + path + "\n"));
            case UNDECIDED -> Optional.of(Answer.text(503, "the Kubernetes API does not say who may\n"));
        };
    }

    private static Answer unauthorized(HttpExchange exchange, String why) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        return Answer.text(401, why);
    }
}
