package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.exchange.Upstreams;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.routing.Endpoint;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One event loop's connections to endpoints that wait for an exchange. The one that was used last is used next: it is the least likely
 * to have been closed, and the others grow old and go.
 */
final class UpstreamPool implements Upstreams {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final NetLoop net;
    private final LongSupplier nanoTime;
    private final Map<Manner.Http1, Map<Endpoint, Target>> targets = new HashMap<>();
    private int idle;
    private boolean opening;

    /** One endpoint's connections of one manner. */
    static final class Target {
        private final Endpoint endpoint;
        private final Manner.Http1 manner;
        private final InetSocketAddress address;
        private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
        private int open;
        private boolean gone;

        Target(Endpoint endpoint, Manner.Http1 manner) {
            this.endpoint = endpoint;
            this.manner = manner;
            this.address = addressOf(endpoint);
        }

        /** Whether a connection is of use only after a handshake. */
        boolean isSecured() {
            return switch (manner) {
                case Manner.Plain _ -> false;
                case Manner.Tls _ -> true;
            };
        }
    }

    UpstreamPool(NetLoop net, LongSupplier nanoTime) {
        this.net = net;
        this.nanoTime = nanoTime;
    }

    static InetSocketAddress addressOf(Endpoint endpoint) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(endpoint.address());
        return literal == null
                ? InetSocketAddress.createUnresolved(endpoint.address(), endpoint.port())
                : new InetSocketAddress(literal, endpoint.port());
    }

    @Override
    public UpstreamEnd open(Endpoint endpoint, Manner manner, boolean fresh, Asker asker) {
        return switch (manner) {
            case Manner.Http1 http1 -> open(target(endpoint, http1), fresh, asker);
            case Manner.Http2 http2 -> net.http2().open(endpoint, http2, fresh, asker);
        };
    }

    private UpstreamEnd open(Target target, boolean fresh, Asker asker) {
        UpstreamConnection kept = fresh ? null : target.idle.pollFirst();
        if (kept != null) {
            idle--;
            kept.use(asker);
            return kept;
        }
        return connect(target, asker);
    }

    private Target target(Endpoint endpoint, Manner.Http1 manner) {
        Map<Endpoint, Target> alike = targets.get(manner);
        if (alike == null) {
            alike = new HashMap<>();
            targets.put(manner, alike);
        }
        Target known = alike.get(endpoint);
        if (known == null) {
            known = new Target(endpoint, manner);
            alike.put(endpoint, known);
        }
        return known;
    }

    private UpstreamEnd connect(Target target, Asker asker) {
        target.open++;
        SocketChannel channel = net.newUpstreamChannel();
        UpstreamConnection connection = new UpstreamConnection(net, channel, target, asker, nanoTime.getAsLong());
        switch (target.manner) {
            case Manner.Plain _ -> channel.pipeline().addLast(connection);
            case Manner.Tls(ClientTls tls, String name) ->
                channel.pipeline().addLast(tls.newHandler(net.allocator(), name, false), connection);
        }
        opening = true;
        try {
            net.eventLoop().register(channel);
            channel.connect(target.address).addListener((ChannelFuture attempt) -> {
                if (!attempt.isSuccess()) {
                    failed(connection);
                }
            });
        } finally {
            opening = false;
        }
        return connection;
    }

    /** Whoever asked for the connection hears of its failure later, never while it asks. */
    void failed(UpstreamConnection connection) {
        if (opening) {
            net.eventLoop().execute(connection::connectFailed);
        } else {
            connection.connectFailed();
        }
        connection.channel.close();
    }

    /** Whether a connection is being asked for at this moment: if it stands at once, the asker sees for itself. */
    boolean isOpening() {
        return opening;
    }

    /**
     * Keeps a connection for the next exchange, unless it or its endpoint has had its time. More than may wait are kept for a moment
     * only: where hundreds of requests are under way, as many connections become free by turns, and opening them again costs more
     * than all the rest of a request.
     */
    void put(UpstreamConnection connection) {
        PoolSettings settings = net.poolSettings();
        boolean worn = connection.exchanges() >= settings.exchanges()
                || nanoTime.getAsLong() - connection.openedAt()
                        >= settings.lifetime().toNanos();
        if (worn || connection.target().gone || settings.idle() == 0 || !connection.channel.isActive()) {
            connection.close();
            return;
        }
        boolean surplus = idle >= settings.idle();
        connection.target().idle.addFirst(connection);
        idle++;
        Duration time = surplus && MOMENT.compareTo(settings.idleTimeout()) < 0 ? MOMENT : settings.idleTimeout();
        connection.waitAtMost(time.toNanos());
    }

    /** A connection was closed, in use or not. With the last one of an endpoint the endpoint is forgotten. */
    void closed(UpstreamConnection connection) {
        Target target = connection.target();
        if (target.idle.remove(connection)) {
            idle--;
        }
        target.open--;
        if (target.open == 0) {
            forget(target);
        }
    }

    private void forget(Target target) {
        Map<Endpoint, Target> alike = targets.get(target.manner);
        if (alike != null && alike.remove(target.endpoint, target) && alike.isEmpty()) {
            targets.remove(target.manner);
        }
    }

    /** An endpoint is not to be used any more: its idle connections are closed now, the others when their exchange ends. */
    void forget(Endpoint endpoint) {
        targets.values().removeIf(alike -> {
            Target target = alike.remove(endpoint);
            if (target != null) {
                target.gone = true;
                closeIdle(target);
            }
            return alike.isEmpty();
        });
    }

    void closeAll() {
        targets.values().forEach(alike -> alike.values().forEach(this::closeIdle));
    }

    private void closeIdle(Target target) {
        while (!target.idle.isEmpty()) {
            idle--;
            target.idle.pollFirst().close();
        }
    }

    int idle() {
        return idle;
    }
}
