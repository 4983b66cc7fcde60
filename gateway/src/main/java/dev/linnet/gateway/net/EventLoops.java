package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Loop;
import dev.linnet.routing.Endpoint;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** All event loops of a gateway, seen from outside: methods may be called by any thread. */
public final class EventLoops {
    private final EventLoopGroup group;
    private final Transport transport;
    private final Memory memory;
    private final Map<EventLoop, NetLoop> loops = new LinkedHashMap<>();

    /**
     * Makes and starts them.
     *
     * @param loop           makes what each of them owns
     * @param http2          makes what of each speaks HTTP/2
     * @param maxConnections of clients, on all together
     */
    public EventLoops(
            int count,
            Transport transport,
            Function<ByteBufAllocator, Loop> loop,
            Function<NetLoop, Http2> http2,
            PoolSettings pool,
            LongSupplier nanoTime,
            int maxConnections) {
        this.transport = transport;
        this.memory = new Memory(count);
        this.group = new MultiThreadIoEventLoopGroup(
                count,
                new DefaultThreadFactory("gateway", true),
                transport.handler().get());
        int share = Math.ceilDiv(maxConnections, count);
        for (EventExecutor executor : group) {
            EventLoop eventLoop = (EventLoop) executor;
            Loop owned = loop.apply(memory.allocator());
            loops.put(eventLoop, new NetLoop(eventLoop, transport, owned, http2, pool, memory, nanoTime, share));
        }
        loops.values().forEach(NetLoop::start);
    }

    /**
     * Listens, for all hosts or for one, whatever requests say.
     *
     * @param scheme  what clients speak here
     * @param host    in lower case, as rules spell it; empty for all
     * @param address port 0 for any free one
     * @throws IOException if that is not possible
     */
    public Channel listen(String scheme, String host, InetSocketAddress address) throws IOException {
        return new Acceptor(group, transport, loops).listen(scheme, host, address);
    }

    /** These endpoints are gone. */
    public void forget(Collection<Endpoint> endpoints) {
        loops.values().forEach(loop -> {
            if (!loop.eventLoop().isShuttingDown()) {
                loop.eventLoop().execute(() -> loop.forget(endpoints));
            }
        });
    }

    /**
     * Makes all answers say that their connections end. Done before listeners close, so that no client is left with a connection that
     * it believes in.
     */
    public void announceEnd() {
        CompletableFuture.allOf(
                        loops.values().stream().map(NetLoop::announceEnd).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }

    /** Lets exchanges end, and cuts those that last longer. Listeners must be closed before. */
    public void stop(Duration deadline) {
        CompletableFuture<?>[] drained =
                loops.values().stream().map(NetLoop::drain).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(drained)
                .completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        loops.values().forEach(loop -> loop.eventLoop().submit(loop::stop).syncUninterruptibly());
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The connections of clients on all of them; a loop that does not say within a second is left out. */
    public Connections connections() {
        List<CompletableFuture<Connections>> asked = loops.values().stream()
                .filter(loop -> !loop.eventLoop().isShuttingDown())
                .map(loop -> loop.connections().completeOnTimeout(Connections.NONE, 1, TimeUnit.SECONDS))
                .toList();
        return asked.stream().map(CompletableFuture::join).reduce(Connections.NONE, Connections::plus);
    }

    /** Bytes in buffers that somebody holds. */
    public long bufferedBytes() {
        return memory.inUse();
    }
}
