package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Balancer;
import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.Stickiness;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.RequestKey;
import dev.linnet.gateway.log.RouteNames;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.AffinityCookie;
import dev.linnet.routing.Side;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Balancing.Missing;
import dev.linnet.routing.policy.KeyExpression;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What one event loop keeps for a side of a route: its counters, and how its endpoints are chosen. */
final class SideState {
    private static final KeyExpression HOST = KeyExpression.of("$host");

    private final Side side;
    private final SeriesRecorder recorder;
    private final Calls calls;
    private final Turns turns;
    private final RequestKey expression;
    private final Missing missing;
    private final RandomGenerator random;
    private final Optional<Sessions> sessions;
    private final RouteNames names;
    private final Manners manners;

    SideState(Side side, SeriesRecorder recorder, Calls calls, Turns turns, RandomGenerator random) {
        this.side = side;
        this.recorder = recorder;
        this.calls = calls;
        this.turns = turns;
        this.names = RouteNames.of(side);
        this.manners = new Manners(side.rule(), side.backend(), turns.endpoints());
        KeyExpression key = switch (side.balancing()) {
            case Balancing.Hashed(KeyExpression hashed, Missing _) -> hashed;
            case Balancing.HashedToSubset(KeyExpression hashed, int _) -> hashed;
            case Balancing.By _, Balancing.Unsaid _ -> HOST;
        };
        this.missing = side.balancing() instanceof Balancing.Hashed hashed ? hashed.missing() : new Missing.AlwaysOne();
        this.random = random;
        this.expression = new RequestKey(key, side.rule().host(), random);
        this.sessions = side.rule()
                .policy()
                .affinity()
                .filter(_ -> side.isSticky())
                .map(affinity -> sessions(side, affinity, random));
    }

    private static Sessions sessions(Side side, Affinity affinity, RandomGenerator random) {
        return new Sessions(
                affinity,
                new Stickiness(side.backend(), affinity.mode(), random),
                AffinityCookie.backendKey(side.backend()),
                side.rule().path().path());
    }

    Side side() {
        return side;
    }

    SeriesRecorder recorder() {
        return recorder;
    }

    /** Who called whom, where Pods are known. */
    Calls calls() {
        return calls;
    }

    /** What the access log calls it. */
    RouteNames names() {
        return names;
    }

    /**
     * How endpoints are spoken to; empty if they cannot be believed, so that nothing may be sent to them.
     *
     * @param secure whether the client speaks TLS
     * @param http2  whether it speaks HTTP/2
     */
    Optional<Manner> manner(TlsTables tables, boolean secure, boolean http2) {
        return manners.now(tables, secure, http2);
    }

    LiveEndpoints endpoints() {
        return turns.endpoints();
    }

    Candidates ready() {
        return turns.ready();
    }

    Balancer balancer() {
        return turns.balancer();
    }

    /** How clients are tied to endpoints, if they are. */
    Optional<Sessions> sessions() {
        return sessions;
    }

    /** What the balancer wants to know of a request. Its answer may give the client what it lacks. */
    int key(Balancer.Key wanted, RequestHead head, Exchange exchange) {
        return switch (wanted) {
            case NOTHING -> 0;
            case CLIENT -> Balancer.ofAddress(exchange.caller().address());
            case HOST -> expression.of(head, exchange.caller());
            case EXPRESSION -> {
                int key = expression.of(head, exchange.caller());
                yield key == RequestKey.NOTHING ? keyOfNobody(exchange) : key;
            }
        };
    }

    private int keyOfNobody(Exchange exchange) {
        return switch (missing) {
            case Missing.AlwaysOne _ -> RequestKey.NOTHING;
            case Missing.Anyone _ -> random.nextInt();
            case Missing.Issued issued -> {
                String value = Long.toHexString(random.nextLong());
                exchange.edits().editResponse().add("Set-Cookie", issued.line(value));
                yield expression.of(value);
            }
        };
    }
}
