package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.http.Head;
import dev.linnet.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection to an endpoint: it serves one exchange, or waits in the pool for the next. */
final class UpstreamConnection extends Wire implements UpstreamEnd {
    private final Loop loop;
    private final UpstreamPool pool;
    private final UpstreamPool.Target target;
    private final PartialHead partial;
    private final long openedAt;
    private @Nullable Asker asker;
    private boolean connected;
    private boolean awaitingHead = true;
    private int exchanges;
    private int mostAtOnce = Integer.MAX_VALUE;

    UpstreamConnection(NetLoop net, SocketChannel channel, UpstreamPool.Target target, Asker asker, long now) {
        super(net, channel);
        this.loop = net.loop();
        this.pool = net.pool();
        this.target = target;
        this.partial = new PartialHead(loop.settings().heads().bytes());
        this.asker = asker;
        this.openedAt = now;
        this.exchanges = 1;
        channel.config().setRecvByteBufAllocator(net.readsCappedBy(() -> mostAtOnce));
    }

    UpstreamPool.Target target() {
        return target;
    }

    @Override
    public int exchanges() {
        return exchanges;
    }

    long openedAt() {
        return openedAt;
    }

    /** Leaves the pool. */
    void use(Asker next) {
        asker = next;
        exchanges++;
        waitNoLonger();
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public boolean isReused() {
        return exchanges > 1;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!target.isSecured()) {
            ready();
        }
    }

    @Override
    protected void secured(boolean well) {
        if (well) {
            ready();
        } else {
            pool.failed(this);
        }
    }

    private void ready() {
        connected = true;
        waitNoLonger();
        if (asker == null) {
            channel.close();
        } else if (!pool.isOpening()) {
            asker.connected();
        }
    }

    void connectFailed() {
        Asker waiting = asker;
        asker = null;
        if (waiting != null) {
            waiting.connectFailed();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (asker == null) {
                channel.close(); // nobody has asked for anything
            } else {
                receive(in);
            }
        } finally {
            in.release();
        }
    }

    private void receive(ByteBuf in) {
        while (awaitingHead && asker != null && in.isReadable()) {
            if (!receiveHead(asker, in)) {
                return;
            }
        }
        if (asker != null && in.isReadable()) {
            asker.responseBytes(in);
        }
    }

    /** False if there is no whole head yet, or it is malformed. */
    private boolean receiveHead(Asker current, ByteBuf in) {
        ResponseHead head = loop.responseHead();
        int length = partial.scan(in, loop.responseBytes(), head);
        if (length == Head.REJECTED) {
            current.badResponse();
            return false;
        }
        if (length == Head.INCOMPLETE) {
            return false;
        }
        awaitingHead = head.isInterim();
        current.responseHead(head, in);
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (asker != null) {
            asker.upstreamReadDone();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (asker != null) {
            asker.upstreamWritable();
        }
    }

    @Override
    protected void inputEnded() {
        if (asker != null) {
            asker.upstreamDone();
        } else {
            channel.close();
        }
    }

    @Override
    protected void timedOut() {
        if (asker != null) {
            asker.upstreamTimedOut();
        } else {
            channel.close();
        }
    }

    @Override
    protected void closed() {
        pool.closed(this);
        Asker current = asker;
        asker = null;
        if (current != null) {
            current.upstreamBroken();
        }
    }

    @Override
    public void readAtMost(int bytes) {
        mostAtOnce = bytes;
    }

    @Override
    public void release() {
        asker = null;
        mostAtOnce = Integer.MAX_VALUE;
        awaitingHead = true;
        read(true);
        pool.put(this);
    }

    @Override
    public void close() {
        asker = null;
        channel.close();
    }
}
