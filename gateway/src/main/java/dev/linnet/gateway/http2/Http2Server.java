package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.net.PoolSettings;
import dev.linnet.gateway.tls.ClientTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/2 connection to an endpoint. It is of use once the endpoint has said how much it allows; who asks before that waits. When it
 * is told to go, or has grown old, it begins nothing more and closes with its last stream.
 */
final class Http2Server extends Http2Wire {
    /** On one connection, even if the endpoint would allow more: its packets all wait for each other. */
    private static final int MOST_STREAMS = 1000;

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Http2Pool pool;
    private final Http2Pool.Place place;
    private final PoolSettings settings;
    private final AsciiString scheme;
    private final long openedAt;
    private final List<ServerStream> waiting = new ArrayList<>();
    private boolean connecting = true;
    private boolean ready;
    private boolean retired;
    private int taken;
    private int exchanges;
    private int lastServed = Integer.MAX_VALUE;

    private Http2Server(Http2Loop http2, Http2Pool pool, Http2Pool.Place place, SocketChannel channel, Codec codec) {
        super(http2, channel, codec);
        this.pool = pool;
        this.place = place;
        this.settings = net.poolSettings();
        this.scheme = AsciiString.cached(place.manner().over() instanceof Manner.Tls ? "https" : "http");
        this.openedAt = net.loop().nanoTime();
        listen();
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onGoAwayReceived(int lastStreamId, long error, ByteBuf debugData) {
                lastServed = lastStreamId; // what came behind it was not looked at (RFC 9113 §6.8)
                retired = true;
            }
        });
    }

    static Http2Server connect(Http2Loop http2, Http2Pool pool, Http2Pool.Place place) {
        SocketChannel channel = http2.net().newUpstreamChannel();
        int headBytes = http2.net().loop().settings().heads().bytes();
        Codec codec = Codec.client(headBytes, new Patience(http2.net().loop()::nanoTime));
        Http2Server server = new Http2Server(http2, pool, place, channel, codec);
        switch (place.manner().over()) {
            case Manner.Plain _ -> {}
            case Manner.Tls(ClientTls tls, String name) ->
                channel.pipeline().addLast(tls.newHandler(channel.alloc(), name, true));
        }
        channel.pipeline().addLast(server);
        http2.net().connect(channel, place.endpoint()).addListener((ChannelFuture attempt) -> {
            if (!attempt.isSuccess()) {
                http2.net()
                        .eventLoop()
                        .execute(server::connectFailed); // whoever asks hears of it later, never while it asks
            }
        });
        return server;
    }

    Http2Pool.Place place() {
        return place;
    }

    AsciiString scheme() {
        return scheme;
    }

    boolean isReady() {
        return ready;
    }

    /** The last of our streams that the endpoint has looked at. */
    int lastServed() {
        return lastServed;
    }

    boolean hasRoom() {
        boolean worn = exchanges >= settings.exchanges()
                || net.loop().nanoTime() - openedAt >= settings.lifetime().toNanos();
        if (worn) {
            retire();
        }
        return !retired && !isClosing() && taken < most() && (connecting || channel.isActive());
    }

    private int most() {
        return ready ? Math.min(MOST_STREAMS, connection().local().maxActiveStreams()) : MOST_STREAMS;
    }

    ServerStream open(Asker asker) {
        ServerStream stream = new ServerStream(this, asker, exchanges > 0);
        take(stream);
        return stream;
    }

    private void take(ServerStream stream) {
        taken++;
        exchanges++;
        deadline.never();
        if (!ready) {
            waiting.add(stream);
        }
    }

    /** A stream that was taken is not needed any more, or has ended. */
    void done(ServerStream stream) {
        taken--;
        waiting.remove(stream);
        if (taken == 0 && !isClosing()) {
            nothingUnderWay();
        }
    }

    /** The endpoint has said what it allows: now it can be asked. */
    @Override
    protected void settingsRead() {
        if (ready) {
            return;
        }
        connecting = false;
        ready = true;
        List<ServerStream> now = List.copyOf(waiting);
        waiting.clear();
        for (int i = 0; i < now.size(); i++) {
            ServerStream stream = now.get(i);
            if (i < most()) {
                stream.connected();
            } else {
                taken--;
                Http2Server other = pool.withRoom(place, false);
                stream.moveTo(other);
                other.take(stream);
                if (other.isReady()) {
                    stream.connected();
                }
            }
        }
    }

    /** Netty's side of a stream, begun now. */
    Http2Stream begin(ServerStream stream) throws Http2Exception {
        Http2Stream begun =
                connection().local().createStream(connection().local().incrementAndGetNextStreamId(), false);
        attach(begun, stream);
        return begun;
    }

    @Override
    void fieldsRead(Http2Stream stream, FieldList fields, boolean ended) {
        if (ours(stream) instanceof ServerStream known) {
            patience.earn(1);
            touch(known);
            known.fields(fields, ended);
        }
    }

    HeadLines requestLines() {
        return http2.requestLines().over(scheme);
    }

    ResponseFields responseFields() {
        return http2.responseFields();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext active, Object event) throws Exception {
        switch (event) {
            case ChannelInputShutdownEvent _ -> channel.close(); // without the endpoint's frames no stream could go on
            case SslHandshakeCompletionEvent handshake when !handshake.isSuccess() -> channel.close();
            case null, default -> super.userEventTriggered(active, event);
        }
    }

    private void connectFailed() {
        channel.close();
        disconnected();
    }

    /** Nothing more is begun on it. */
    void retire() {
        retired = true;
        if (taken == 0 && !isClosing()) {
            leave(Http2Error.NO_ERROR);
        }
    }

    @Override
    protected void nothingUnderWay() {
        if (taken > 0) {
            return;
        }
        if (retired || connecting) {
            leave(Http2Error.NO_ERROR);
        } else {
            deadline.in(settings.idleTimeout().toNanos());
        }
    }

    @Override
    protected void timedOut() {
        if (isClosing()) {
            channel.close();
        } else {
            leave(Http2Error.NO_ERROR);
        }
    }

    @Override
    protected void leave(Http2Error why) {
        retired = true;
        if (ready) {
            goAway(context(), 0, why.code(), Unpooled.EMPTY_BUFFER, channel.newPromise());
        }
        beginClosing();
        deadline.in(FAREWELL.toNanos()); // an endpoint that takes nothing any more would never let us go
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
        if (!channel.isActive()) {
            channel.close();
            disconnected();
        }
    }

    @Override
    protected void disconnected() {
        retired = true;
        deadline.remove();
        pool.closed(this);
        List<ServerStream> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(ServerStream::connectFailed);
    }
}
