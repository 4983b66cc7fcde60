package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.ExchangeSettings;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.net.Client;
import dev.linnet.gateway.net.Deadlines;
import dev.linnet.gateway.net.NetLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection. It ends when nothing was asked for long, when the gateway stops, or when the client breaks the rules;
 * what it may cost meanwhile is bounded: so many streams, so much for each, and {@link Patience}.
 */
final class Http2Client extends Http2ConnectionHandler implements Client {
    private static final Logger log = LoggerFactory.getLogger(Http2Client.class);
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Http2Loop http2;
    private final NetLoop net;
    private final SocketChannel channel;
    private final Caller caller;
    private final ExchangeSettings settings;
    private final Patience patience;
    private final Deadlines.Deadline deadline;
    private final Http2Connection.PropertyKey key;
    private final List<ClientStream> touched = new ArrayList<>();
    private final Runnable flushNow = this::flushNow;
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean flushDue;
    private boolean windowOpened;
    private boolean announced;
    private boolean draining;
    private boolean closing;
    private int requests;
    private long unsentBefore;

    private Http2Client(Http2Loop http2, SocketChannel channel, Caller caller, Codec codec, Patience patience) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.http2 = http2;
        this.net = http2.net();
        this.channel = channel;
        this.caller = caller;
        this.patience = patience;
        this.settings = net.loop().settings();
        this.deadline = net.deadlines().add(this::timedOut);
        this.key = connection().newKey();
    }

    static Http2Client of(Http2Loop http2, SocketChannel channel, Caller caller) {
        Patience patience = new Patience(http2.net().loop()::nanoTime);
        Codec codec = Codec.server(http2.net().loop().settings().heads().bytes(), patience);
        Http2Client client = new Http2Client(http2, channel, caller, codec, patience);
        client.decoder().frameListener(new ClientFrames(client));
        client.connection().addListener(client.new Streams());
        client.encoder().flowController().listener(client::writabilityChanged);
        client.deadline.in(client.settings.headTimeout().toNanos());
        return client;
    }

    /** Netty tells of a stream's end here. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            ClientStream closed = stream.getProperty(key);
            if (closed != null) {
                closed.closed();
            }
            if (connection().numActiveStreams() == 0 && !closing) {
                nothingUnderWay();
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
        openWindow(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) throws Exception {
        super.channelActive(active);
        openWindow(active);
    }

    /** Once our settings are sent. */
    private void openWindow(ChannelHandlerContext active) throws Http2Exception {
        if (!windowOpened && active.channel().isActive()) {
            windowOpened = true;
            Http2Stream all = connection().connectionStream();
            int missing = Codec.CONNECTION_WINDOW - decoder().flowController().initialWindowSize(all);
            decoder().flowController().incrementWindowSize(all, missing);
            active.flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) throws Exception {
        if (closing) {
            ReferenceCountUtil.release(message);
            return;
        }
        reading = true;
        super.channelRead(active, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext active) {
        reading = false;
        discardSomeReadBytes();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readDone();
        }
        touched.clear();
        flushNow();
    }

    /** A request, or the trailers of one. */
    void fieldsRead(int streamId, FieldList fields, boolean ended) {
        Http2Stream stream = connection().stream(streamId);
        if (stream == null || closing) {
            return;
        }
        ClientStream known = stream.getProperty(key);
        if (known != null) {
            touched.add(known);
            known.trailers(fields);
            return;
        }
        ClientStream begun = newStream(stream);
        touched.add(begun);
        begun.begin(http2.requestFields(), fields, ended);
    }

    private ClientStream newStream(Http2Stream stream) {
        ClientStream begun = new ClientStream(this, stream);
        stream.setProperty(key, begun);
        requests++;
        patience.earn(1);
        if (channel.isWritable()) {
            deadline.never();
        }
        if (net.isEnding() || requests >= settings.requests()) {
            announceEnd();
        }
        return begun;
    }

    int dataRead(int streamId, ByteBuf data, int padding, boolean ended) {
        Http2Stream stream = connection().stream(streamId);
        ClientStream known = stream == null ? null : stream.getProperty(key);
        if (known == null || closing) {
            return data.readableBytes() + padding;
        }
        touched.add(known);
        return known.data(data, padding, ended);
    }

    void windowGrew(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        ClientStream known = stream == null ? null : stream.getProperty(key);
        if (known != null) {
            known.windowGrew();
        }
    }

    private void writabilityChanged(Http2Stream stream) {
        ClientStream known = stream.getProperty(key);
        if (known != null && !closing) {
            known.writabilityChanged();
        }
    }

    NetLoop net() {
        return net;
    }

    Caller caller() {
        return caller;
    }

    ResponseLines responseLines() {
        return http2.responseLines();
    }

    ByteBuf buffer(int room) {
        return channel.alloc().directBuffer(room);
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    boolean mayWrite(Http2Stream stream) {
        return !closing
                && !stream.isResetSent()
                && switch (stream.state()) {
                    case OPEN, HALF_CLOSED_REMOTE -> true;
                    case IDLE, RESERVED_LOCAL, RESERVED_REMOTE, HALF_CLOSED_LOCAL, CLOSED -> false;
                };
    }

    boolean hasClosed(Http2Stream stream) {
        return stream.state() == Http2Stream.State.CLOSED;
    }

    /** Also without window as long as nothing waits for it: there may be a head to send, which needs none. */
    boolean isWritable(Http2Stream stream) {
        Http2RemoteFlowController flow = encoder().flowController();
        return !mayWrite(stream)
                || (channel.isWritable() && (flow.isWritable(stream) || !flow.hasFlowControlled(stream)));
    }

    ChannelFuture writeHeaders(Http2Stream stream, FieldList fields, boolean ended) {
        return encoder().writeHeaders(context(), stream.id(), fields, 0, ended, channel.newPromise());
    }

    ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean ended) {
        patience.earn(2); // the client will answer with window updates
        return encoder().writeData(context(), stream.id(), data, 0, ended, channel.newPromise());
    }

    void reset(Http2Stream stream, Http2Error error) {
        if (!closing && !hasClosed(stream)) {
            encoder().writeRstStream(context(), stream.id(), error.code(), channel.newPromise());
            flushSoon();
        }
    }

    /** So much of the stream's window is free again. */
    void payBack(Http2Stream stream, int bytes) {
        try {
            if (!closing && !hasClosed(stream)) {
                decoder().flowController().consumeBytes(stream, bytes);
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    /** Sends what is written once this turn of the event loop is over: many streams may have written by then. */
    void flushSoon() {
        if (!reading && !flushDue) {
            flushDue = true;
            net.eventLoop().execute(flushNow);
        }
    }

    private void flushNow() {
        flushDue = false;
        if (channel.isActive()) {
            flush(context());
        }
    }

    /** A client that does not take what we send is not listened to: else it could make us keep answers without end. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext active) throws Exception {
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable || closing);
        if (!closing) {
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

    private long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private void nothingUnderWay() {
        if (draining) {
            sayGoodbye();
        } else if (channel.isWritable()) {
            deadline.in(settings.idleTimeout().toNanos());
        }
    }

    private void timedOut() {
        if (closing) {
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
    private void leave(Http2Error why) {
        goAway(
                context(),
                connection().remote().lastStreamCreated(),
                why.code(),
                Unpooled.EMPTY_BUFFER,
                channel.newPromise());
        sayGoodbye();
    }

    /** Waits a little for the client to close: closing at once could destroy what it has not read. */
    private void sayGoodbye() {
        closing = true;
        deadline.in(LINGER.toNanos());
        channel.config().setAutoRead(true);
        openStreams().forEach(ClientStream::closed);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput());
    }

    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext active, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        if (closing) {
            return;
        }
        if (known == null && !(cause instanceof IOException)) {
            log.atError().setCause(cause).addKeyValue("channel", channel).log("Connection failed by our own fault");
        }
        leave(known == null ? Http2Error.INTERNAL_ERROR : known.error());
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext active, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        try {
            boolean excess = error.error() == Http2Error.REFUSED_STREAM; // the client may not have known the limit yet
            patience.spend(excess ? Patience.CONTROL : Patience.RESET);
            super.onStreamError(active, outbound, cause, error);
        } catch (Http2Exception exhausted) {
            onConnectionError(active, outbound, exhausted, exhausted);
        }
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
    public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        if (cause instanceof IOException) {
            channel.close();
        } else {
            onError(active, false, cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) throws Exception {
        closing = true;
        deadline.remove();
        try {
            super.channelInactive(active);
        } finally {
            net.forget(this);
        }
    }

    /** Streams that are begun while this is on its way are still served. */
    @Override
    public void announceEnd() {
        if (!announced && !closing) {
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
        if (closing) {
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
        if (!closing) {
            openStreams().forEach(ClientStream::stop);
            flushNow();
        }
        channel.close();
    }

    private List<ClientStream> openStreams() {
        List<ClientStream> open = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                ClientStream known = stream.getProperty(key);
                if (known != null) {
                    open.add(known);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("collecting streams cannot fail", e);
        }
        return open;
    }
}
