package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.ExchangeSettings;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.net.Client;
import dev.linnet.gateway.net.Connections;
import dev.linnet.gateway.net.Farewell;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;

/**
 * A client's HTTP/2 connection. It ends when nothing was asked for long, when the gateway stops, or when the client breaks the rules;
 * what it may cost meanwhile is bounded: so many streams, so much for each, and {@link Patience}.
 */
final class Http2Client extends Http2Wire implements Client {
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Caller caller;
    private final ExchangeSettings settings;
    private boolean announced;
    private boolean draining;
    private int requests;
    private long unsentBefore;

    private Http2Client(Http2Loop http2, SocketChannel channel, Caller caller, Codec codec) {
        super(http2, channel, codec);
        this.caller = caller;
        this.settings = net.loop().settings();
        listen();
        deadline.in(settings.headTimeout().toNanos());
    }

    static Http2Client of(Http2Loop http2, SocketChannel channel, Caller caller) {
        Patience patience = new Patience(http2.net().loop()::nanoTime);
        int headBytes = http2.net().loop().settings().heads().bytes();
        int streams = http2.net().loop().policy().clients().http2().streams();
        return new Http2Client(http2, channel, caller, Codec.server(headBytes, patience, streams));
    }

    @Override
    void fieldsRead(Http2Stream stream, FieldList fields, boolean ended) {
        if (ours(stream) instanceof ClientStream known) {
            touch(known);
            known.trailers(fields);
            return;
        }
        ClientStream begun = newStream(stream);
        touch(begun);
        begun.begin(http2.requestFields(), fields, ended);
    }

    private ClientStream newStream(Http2Stream stream) {
        ClientStream begun = new ClientStream(this, stream);
        attach(stream, begun);
        requests++;
        patience.earn(1);
        if (channel.isWritable()) {
            deadline.never();
        }
        int onTheirWay = connection().remote().maxActiveStreams();
        if (requests >= settings.requests() + onTheirWay) { // this client does not listen
            drain();
        } else if (net.isEnding() || requests >= settings.requests()) {
            announceEnd();
        }
        return begun;
    }

    Caller caller() {
        return caller;
    }

    ResponseLines responseLines() {
        return http2.responseLines();
    }

    /** A client that does not take what we send is not listened to: else it could make us keep answers without end. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext active) throws Exception {
        boolean writable = channel.isWritable();
        read(writable || isClosing());
        if (!isClosing()) {
            if (!writable) {
                unsentBefore = unsentBytes();
                deadline.in(settings.sendTimeout().toNanos());
            } else if (connection().numActiveStreams() > 0) {
                deadline.never();
            } else {
                deadline.in(settings.idleTimeout().toNanos());
            }
        }
        super.channelWritabilityChanged(active);
    }

    /** Not once the channel is closed: that may be told later, and there is nothing to read from any more. */
    private void read(boolean on) {
        if (channel.isActive()) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    protected void nothingUnderWay() {
        if (draining) {
            sayGoodbye();
        } else if (channel.isWritable()) {
            deadline.in(announced ? LINGER.toNanos() : settings.idleTimeout().toNanos());
        }
    }

    @Override
    protected void timedOut() {
        if (isClosing()) {
            channel.close();
        } else if (!channel.isWritable() && unsentBytes() != unsentBefore) {
            unsentBefore = unsentBytes();
            deadline.in(settings.sendTimeout().toNanos());
        } else if (!channel.isWritable()) {
            channel.close();
        } else {
            leave(Http2Error.NO_ERROR);
        }
    }

    /** Says which stream was the last one, ends them all, and then the connection. */
    @Override
    protected void leave(Http2Error why) {
        encoder()
                .frameWriter() // Netty's own goAway closes at once after an error
                .writeGoAway(
                        context(),
                        connection().remote().lastStreamCreated(),
                        why.code(),
                        Unpooled.EMPTY_BUFFER,
                        channel.newPromise());
        sayGoodbye();
    }

    /** Waits a little for the client to close: closing at once could destroy what it has not read. */
    private void sayGoodbye() {
        beginClosing();
        deadline.in(LINGER.toNanos());
        read(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Farewell.say(channel));
    }

    /** More fields than we have said that we take. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext active, Http2Stream stream) {
        newStream(stream).refuseTooLarge();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext active, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close(); // without the client's frames no stream could go on
            return;
        }
        super.userEventTriggered(active, event);
    }

    @Override
    protected void disconnected() {
        net.forget(this);
    }

    /** Streams that are begun while this is on its way are still served. */
    @Override
    public void announceEnd() {
        if (!announced && !isClosing()) {
            announced = true;
            goAway(
                    context(),
                    Integer.MAX_VALUE,
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    channel.newPromise());
            flushSoon();
        }
    }

    @Override
    public void drain() {
        if (isClosing()) {
            return;
        }
        draining = true;
        if (connection().numActiveStreams() == 0) {
            leave(Http2Error.NO_ERROR);
            return;
        }
        announced = true;
        goAway(
                context(),
                connection().remote().lastStreamCreated(),
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                channel.newPromise());
        flushNow();
    }

    @Override
    public void stop() {
        if (!isClosing()) {
            for (WireStream open : openStreams()) {
                if (open instanceof ClientStream stream) {
                    stream.stop();
                }
            }
            flushNow();
        }
        channel.close();
    }

    @Override
    public Connections.State state() {
        return connection().numActiveStreams() > 0 ? Connections.State.WRITING : Connections.State.WAITING;
    }
}
