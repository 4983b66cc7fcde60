package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.net.Transport;
import dev.linnet.numbers.Snapshot;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A gateway under test with what stands around it. Closing it asserts that no buffer was leaked. */
final class World implements AutoCloseable {
    static final ServiceRef WEB = new ServiceRef("default", "web", "80");
    static final ServiceRef CANARY = new ServiceRef("default", "web-canary", "80");
    static final Rule.Limits LIMITS =
            new Rule.Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 3);

    final TestClock clock = new TestClock();
    final Gateway gateway;
    private final Deque<Runnable> toClose = new ArrayDeque<>();

    World() {
        this(settings -> settings, Transport.best());
    }

    World(UnaryOperator<GatewaySettings> settings) {
        this(settings, Transport.best());
    }

    World(UnaryOperator<GatewaySettings> settings, Transport transport) {
        GatewaySettings plain = GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withLoops(1);
        try {
            gateway = Gateway.start(settings.apply(plain), transport, 42, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Rule rule(String path, CanarySide... canaries) {
        return new Rule(
                "",
                new PathMatch.Prefix(path),
                WEB,
                List.of(canaries),
                new ObjectRef("Ingress", "default", "web"),
                LIMITS);
    }

    static Rule rule(Rule.Limits limits) {
        Rule plain = rule("/");
        return new Rule(plain.host(), plain.path(), plain.primary(), plain.canaries(), plain.source(), limits);
    }

    World routes(Rule... rules) {
        gateway.routes().install(RouteTable.of(List.of(rules)));
        return this;
    }

    World serve(ServiceRef service, ScriptedUpstream... upstreams) {
        Arrays.stream(upstreams).forEach(upstream -> toClose.push(upstream::close));
        List<Endpoint> endpoints =
                Arrays.stream(upstreams).map(ScriptedUpstream::endpoint).toList();
        return endpoints(service, endpoints);
    }

    World endpoints(ServiceRef service, List<Endpoint> endpoints) {
        gateway.routes().endpoints(Map.of(service, endpoints));
        return this;
    }

    /** An endpoint that refuses connections. Its port is kept, so that no other program on this machine answers there. */
    Endpoint refusing() {
        ScriptedUpstream gone = ScriptedUpstream.saying("");
        gone.close();
        toClose.push(gone::close);
        return gone.endpoint();
    }

    /** All requests to this one. */
    World everythingTo(ScriptedUpstream... upstreams) {
        return routes(rule("/")).serve(WEB, upstreams);
    }

    /** One more address for one host, or for what is for one port. */
    InetSocketAddress listenFor(String host) {
        try {
            return gateway.alsoListenFor(host, false, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Conversation client() {
        Conversation client = Conversation.with(gateway.httpAddress());
        toClose.push(client::close);
        return client;
    }

    Conversation.Response get(String path, String... headers) {
        try (Conversation client = Conversation.with(gateway.httpAddress())) {
            return client.send(request("GET", path, headers)).readResponse();
        }
    }

    static String request(String method, String path, String... headers) {
        return Conversation.head(method, "app.example.com", path, headers);
    }

    Snapshot numbers() {
        return Snapshot.of("test", Instant.EPOCH, Instant.EPOCH, Map.of(), gateway.read());
    }

    /** How often something failed this way. */
    long failures(String kind) {
        return numbers().series().stream()
                .mapToLong(series -> series.failures().getOrDefault(kind, 0L))
                .sum();
    }

    @Override
    public void close() {
        while (!toClose.isEmpty()) {
            toClose.pop().run();
        }
        gateway.stop(Duration.ofSeconds(10));
        assertThat(gateway.bufferedBytes()).as("bytes in leaked buffers").isZero();
    }
}
