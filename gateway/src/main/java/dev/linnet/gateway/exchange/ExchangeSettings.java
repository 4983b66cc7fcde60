package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.HeadLimits;
import dev.linnet.routing.policy.GlobalPolicy.Clients;
import java.time.Duration;

/**
 * What the gateway grants its clients (spec of ingress-nginx, §3.5).
 *
 * @param heads       how large a head may be
 * @param headTimeout for a whole request head
 * @param bodyTimeout longest pause between two reads of a request's body
 * @param idleTimeout between two requests
 * @param sendTimeout longest pause between two writes of a response
 * @param requests    on one connection, so that clients spread anew now and then; nginx's 1000 would cost more than it gives here
 * @param replayBytes request bodies up to this size are kept until the response begins, so that they can be sent once more
 */
public record ExchangeSettings(
        HeadLimits heads,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration sendTimeout,
        int requests,
        int replayBytes) {

    /** These, but for what somebody has asked for. */
    ExchangeSettings with(Clients wanted) {
        boolean keepsNone = wanted.idle().filter(Duration::isZero).isPresent()
                || wanted.requests().filter(most -> most == 0).isPresent();
        return new ExchangeSettings(
                heads,
                wanted.head().orElse(headTimeout),
                wanted.body().orElse(bodyTimeout),
                wanted.idle().orElse(idleTimeout),
                sendTimeout,
                keepsNone ? 1 : wanted.requests().orElse(requests),
                replayBytes);
    }

    public static final ExchangeSettings DEFAULT = new ExchangeSettings(
            HeadLimits.DEFAULT,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            100_000,
            64 * 1024);
}
