package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Upstreams;
import dev.linnet.gateway.exchange.Workplace;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.net.Connections.State;
import dev.linnet.gateway.tls.HandshakeFailure;
import dev.linnet.gateway.tls.SniSelector;
import dev.linnet.routing.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** One event loop with its connections. All methods but the constructor belong to its thread. */
public final class NetLoop implements Workplace {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    /** Decrypting makes pieces of 16 KiB of it, so reading more at once gains nothing. */
    private static final int AT_ONCE_OF_TLS = 64 * 1024;

    private final EventLoop eventLoop;
    private final Transport transport;
    private final Loop loop;
    private final Http2 http2;
    private final Memory memory;
    private final CappedReads reads;
    private final CappedReads readsOfTls;
    private final Deadlines deadlines;
    private final UpstreamPool upstreams;
    private final PoolSettings poolSettings;
    private final Set<Client> clients = new HashSet<>();
    private final Set<Errand> errands = new HashSet<>();
    private final Map<HandshakeFailure, Long> failedHandshakes = new EnumMap<>(HandshakeFailure.class);
    private long accepted;
    private long handled;
    private int announcing;
    private int handshaking;
    private final int mostClients;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean ending;
    private boolean draining;

    public NetLoop(
            EventLoop eventLoop,
            Transport transport,
            Loop loop,
            Function<NetLoop, Http2> http2,
            PoolSettings pool,
            Memory memory,
            LongSupplier nanoTime,
            int mostClients) {
        this.eventLoop = eventLoop;
        this.transport = transport;
        this.loop = loop;
        this.memory = memory;
        this.reads = new CappedReads(memory::readAtMost);
        this.readsOfTls = new CappedReads(() -> Math.min(AT_ONCE_OF_TLS, memory.readAtMost()));
        this.deadlines = new Deadlines(nanoTime);
        this.upstreams = new UpstreamPool(this, nanoTime);
        this.poolSettings = pool;
        this.mostClients = mostClients;
        this.http2 = http2.apply(this);
        loop.worksAt(this);
    }

    @Override
    public void execute(Runnable task) {
        if (!eventLoop.isShuttingDown()) {
            eventLoop.execute(task);
        }
    }

    @Override
    public Later executeLater(Runnable task, Duration delay) {
        if (eventLoop.isShuttingDown()) {
            return () -> {};
        }
        Future<?> scheduled = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Begins to look at deadlines. */
    public void start() {
        eventLoop.scheduleWithFixedDelay(
                this::tick, Deadlines.TICK_MILLIS, Deadlines.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        loop.tick();
        memory.tick();
        deadlines.tick();
    }

    /** Takes a connection that was accepted. */
    void accept(SocketChannel channel, Listener listener) {
        accepted++;
        if (clients.size() + announcing + handshaking >= mostClients || draining) {
            channel.close();
            return;
        }
        handled++;
        configure(channel.config());
        InetSocketAddress peer = channel.remoteAddress();
        byte[] address = peer == null ? new byte[0] : peer.getAddress().getAddress();
        Caller plain = Caller.of(address, listener.port(), listener.scheme());
        Caller caller = listener.host().isEmpty() ? plain : plain.at(listener.host());
        if (loop.callers().proxyProtocol()) {
            announcing++;
            channel.pipeline().addLast(new ProxyAnnouncement(this, channel, caller));
        } else {
            serve(channel, caller);
        }
    }

    /** Whoever is behind a proxy has been announced, or has not and never will be. */
    void announced() {
        announcing--;
    }

    /** Begins to serve a connection of which it is known who is at its other end. */
    void serve(SocketChannel channel, Caller caller) {
        if (draining) {
            channel.close();
            return;
        }
        if (caller.isTls()) {
            handshaking++;
            channel.config().setRecvByteBufAllocator(readsOfTls);
            channel.pipeline().addLast(new SniSelector(loop::shownTo), new Handshake(this, channel, caller));
        } else {
            serveHttp1(channel, caller);
        }
    }

    void handshakeFailed(HandshakeFailure why) {
        failedHandshakes.merge(why, 1L, Long::sum);
    }

    /** What connections there are and were. Looks at each: not for every request. Any thread may call this. */
    CompletableFuture<Connections> connections() {
        return CompletableFuture.supplyAsync(
                () -> {
                    Map<State, Integer> states = new EnumMap<>(State.class);
                    states.put(State.READING, announcing + handshaking);
                    clients.forEach(client -> states.merge(client.state(), 1, Integer::sum));
                    return new Connections(accepted, handled, states, new EnumMap<>(failedHandshakes));
                },
                eventLoop);
    }

    /** A handshake has come to its end, whichever. */
    void agreed() {
        handshaking--;
    }

    void serveHttp1(SocketChannel channel, Caller caller) {
        ClientConnection client = new ClientConnection(this, channel, caller);
        clients.add(client);
        channel.pipeline().addLast(client);
        if (draining) {
            client.drain();
        }
    }

    /** The client speaks HTTP/2 on a connection that was accepted: from its first byte on, so nothing may have been read from the channel. */
    void serveHttp2(SocketChannel channel, Caller caller) {
        Client client = http2.serve(channel, caller);
        clients.add(client);
        channel.pipeline().addLast(client);
        if (draining) {
            client.drain();
        }
    }

    /**
     * A client of HTTP/1.1 turns out to speak HTTP/2.
     *
     * @param first what it has sent so far
     */
    void changeToHttp2(ClientConnection old, SocketChannel channel, Caller caller, ByteBuf first) {
        clients.remove(old);
        serveHttp2(channel, caller);
        ChannelHandlerContext place = channel.pipeline().context(old);
        place.fireChannelRead(first);
        channel.pipeline().remove(old);
    }

    /** A channel to an endpoint, of this loop and not connected yet. */
    public SocketChannel newUpstreamChannel() {
        SocketChannel channel = transport.client().get();
        configure(channel.config());
        return channel;
    }

    /** Connects a channel, once its handlers are in place. */
    public ChannelFuture connect(SocketChannel channel, Endpoint endpoint) {
        eventLoop.register(channel);
        return channel.connect(UpstreamPool.addressOf(endpoint));
    }

    /** For a connection that may want less at once than there is room for. */
    CappedReads readsCappedBy(IntSupplier most) {
        return new CappedReads(() -> Math.min(most.getAsInt(), memory.readAtMost()));
    }

    private void configure(ChannelConfig config) {
        config.setAllocator(memory.allocator());
        config.setRecvByteBufAllocator(reads);
        config.setWriteBufferWaterMark(WATER_MARK);
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** A client's connection is closed. */
    public void forget(Client client) {
        clients.remove(client);
        tellIfDrained();
    }

    private void tellIfDrained() {
        if (draining && clients.isEmpty()) {
            drained.complete(null);
        }
    }

    /** These endpoints are gone. */
    public void forget(Collection<Endpoint> endpoints) {
        endpoints.forEach(upstreams::forget);
        endpoints.forEach(http2::forget);
    }

    /** From now on, answers tell clients not to come back; connections are still accepted. Completes when that is in force. */
    public CompletableFuture<Void> announceEnd() {
        return CompletableFuture.runAsync(
                () -> {
                    ending = true;
                    List.copyOf(clients).forEach(Client::announceEnd);
                },
                eventLoop);
    }

    /** From now on, connections end with the exchange that they have. Any thread may call this, and wait for the end of the last. */
    public CompletableFuture<Void> drain() {
        eventLoop.execute(() -> {
            ending = true;
            draining = true;
            List.copyOf(clients).forEach(Client::drain);
            tellIfDrained();
        });
        return drained;
    }

    /** Ends what is left. */
    public void stop() {
        ending = true;
        draining = true;
        List.copyOf(clients).forEach(Client::stop);
        List.copyOf(errands).forEach(Errand::abandon);
        upstreams.closeAll();
        http2.closeAll();
    }

    /** Whether each connection ends with the exchange that it has. */
    public boolean isEnding() {
        return ending;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    ByteBufAllocator allocator() {
        return memory.allocator();
    }

    public Loop loop() {
        return loop;
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    @Override
    public void begin(Errand errand) {
        errands.add(errand);
    }

    @Override
    public void end(Errand errand) {
        errands.remove(errand);
    }

    @Override
    public Upstreams upstreams() {
        return upstreams;
    }

    Http2 http2() {
        return http2;
    }

    /** How connections to endpoints are kept at this moment. */
    public PoolSettings poolSettings() {
        return poolSettings.with(loop.policy().upstreams());
    }

    UpstreamPool pool() {
        return upstreams;
    }
}
