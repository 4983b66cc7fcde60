package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.ClientEnd;
import dev.linnet.gateway.exchange.Exchange;
import dev.linnet.gateway.exchange.ExchangeSettings;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.Head;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1.1 connection: one exchange after the other. What is sent ahead of its turn waits here, and while it waits nothing
 * more is read.
 */
final class ClientConnection extends Wire implements ClientEnd, Client {
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Loop loop;
    private final ExchangeSettings settings;
    private final Caller caller;
    private final PartialHead partial;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private @Nullable Exchange exchange;
    private boolean working;
    private boolean wanted = true;
    private boolean closing;
    private long unsentBefore;
    private int requests;

    ClientConnection(NetLoop net, SocketChannel channel, Caller caller) {
        super(net, channel);
        this.loop = net.loop();
        this.settings = loop.settings();
        this.caller = caller;
        this.partial = new PartialHead(settings.heads().bytes());
        waitAtMost(settings.headTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (closing) {
            in.release();
            return;
        }
        beginTurn();
        received = received.isReadable() ? Unpooled.wrappedBuffer(received, in) : in;
        work();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientReadDone();
        }
        endTurn();
    }

    /** Works off what was received. An exchange may end while it does, so this is a loop, and never called within itself. */
    private void work() {
        if (working) {
            return;
        }
        working = true;
        while (received.isReadable() && !closing) {
            boolean goesOn = exchange == null ? begin() : feed(exchange);
            if (!goesOn) {
                break;
            }
        }
        working = false;
        if (!received.isReadable()) {
            forgetReceived();
        }
        updateReading();
    }

    private void forgetReceived() {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    /** False if the exchange must go on before more can be done. */
    private boolean feed(Exchange current) {
        if (!current.takesMore()) {
            return false;
        }
        current.requestBytes(received);
        return true;
    }

    /** False if there is not enough for an exchange to begin. */
    private boolean begin() {
        if (partial.isEmpty()) {
            waitAtMost(settings.headTimeout().toNanos());
        }
        RequestHead head = loop.requestHead();
        int length = partial.scan(received, loop.requestBytes(), head);
        if (length == Head.INCOMPLETE) {
            return false;
        }
        waitNoLonger();
        if (length == Head.REJECTED && requests == 0 && speaksHttp2()) {
            changeToHttp2();
            return false;
        }
        requests++;
        Exchange begun = new Exchange(loop, net.upstreams(), this);
        exchange = begun;
        if (length == Head.REJECTED) {
            begun.refuse(head.rejection());
        } else {
            begun.begin(head, length, received);
        }
        return true;
    }

    private boolean speaksHttp2() {
        return loop.policy().clients().http2().on() && Http2Preface.begins(loop.requestBytes());
    }

    /** The one request that only HTTP/2 begins with (RFC 9113 §3.4): what is left here goes there. */
    private void changeToHttp2() {
        closing = true;
        leave();
        ByteBuf first = Unpooled.wrappedBuffer(partial.take(), received);
        received = Unpooled.EMPTY_BUFFER;
        net.changeToHttp2(this, channel, caller, first);
    }

    private void updateReading() {
        boolean waiting = received.isReadable();
        super.read(closing || (wanted && !waiting));
    }

    @Override
    public void read(boolean on) {
        wanted = on;
        if (!working) {
            updateReading();
        }
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean keepsAlive() {
        boolean moreToCome = !hasInputEnded() || received.isReadable();
        return moreToCome && requests < settings.requests() && !net.isEnding() && isStillServed();
    }

    /** Whoever has come through a door that is closed by now should not come back. */
    private boolean isStillServed() {
        Channel door = channel.parent();
        return door == null || door.isOpen();
    }

    @Override
    public void becomesTunnel() {
        work();
        if (hasInputEnded() && exchange != null) {
            exchange.clientDone();
        }
    }

    @Override
    public void finished(Ending ending) {
        exchange = null;
        wanted = true;
        switch (ending) {
            case KEEP -> next();
            case CLOSE -> linger();
            case ABORT -> abort();
        }
    }

    private void next() {
        flush();
        if (hasInputEnded() && !received.isReadable()) {
            linger();
            return;
        }
        waitAtMost(settings.idleTimeout().toNanos());
        work();
    }

    /** Says goodbye, then waits a little for the client to do so: closing at once could destroy what it has not read (RFC 9112 §9.6). */
    private void linger() {
        closing = true;
        forgetReceived();
        updateReading();
        waitAtMost(settings.sendTimeout().toNanos());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> sayGoodbye());
    }

    private void sayGoodbye() {
        if (hasInputEnded()) {
            channel.close();
        } else {
            Farewell.say(channel);
            waitAtMost(LINGER.toNanos());
        }
    }

    /** So that a client that relies on the end of the connection does not take half a response for a whole one. */
    private void abort() {
        closing = true;
        forgetReceived();
        reset();
    }

    @Override
    protected void secured(boolean well) {
        if (!well) {
            channel.close();
        }
    }

    @Override
    protected void inputEnded() {
        if (exchange != null) {
            exchange.clientDone();
        } else if (!closing || unsentBytes() == 0) {
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientWritable();
        }
    }

    @Override
    protected void timedOut() {
        if (exchange != null) {
            exchange.clientTimedOut();
        } else if (isStillSending()) {
            waitAtMost(settings.sendTimeout().toNanos());
        } else if (partial.isEmpty() || closing) {
            channel.close();
        } else {
            requests++;
            Exchange late = new Exchange(loop, net.upstreams(), this);
            exchange = late;
            late.refuse(408, Failure.CLIENT_TIMEOUT, "request head took too long");
        }
    }

    /** Whether the end of a response is still on its way, and was getting shorter. */
    private boolean isStillSending() {
        long unsent = unsentBytes();
        boolean progress = unsent > 0 && unsent != unsentBefore;
        unsentBefore = unsent;
        return progress;
    }

    @Override
    protected void closed() {
        closing = true;
        net.forget(this);
        if (exchange != null) {
            exchange.clientGone();
        }
        forgetReceived();
    }

    @Override
    public void announceEnd() {
        // answers tell
    }

    @Override
    public void drain() {
        if (exchange == null && partial.isEmpty() && !closing) {
            linger();
        }
    }

    @Override
    public void stop() {
        if (exchange != null) {
            exchange.stop();
        } else {
            channel.close();
        }
    }

    @Override
    public Connections.State state() {
        if (exchange != null) {
            return Connections.State.WRITING;
        }
        return partial.isEmpty() ? Connections.State.WAITING : Connections.State.READING;
    }
}
