package dev.linnet.gateway;

import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.net.Acceptor;
import dev.linnet.gateway.net.Memory;
import dev.linnet.gateway.net.NetLoop;
import dev.linnet.gateway.net.Transport;
import dev.linnet.numbers.Reading;
import dev.linnet.numbers.Recorder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway that serves. Routes come in through {@link #routes()}; until some are installed every request is answered 404.
 *
 * <p>The path of a request: {@code net.ClientConnection} → {@code http.RequestHead} → {@code exchange.Exchange} →
 * {@code RouteTable} → {@code exchange.Attempts} → {@code net.UpstreamPool} → {@code net.UpstreamConnection}, and back.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final LiveRoutes routes;
    private final EventLoopGroup group;
    private final List<NetLoop> loops;
    private final List<Recorder> recorders;
    private final Memory memory;
    private final Acceptor acceptor;
    private final List<Channel> listening = new CopyOnWriteArrayList<>();

    private Gateway(
            LiveRoutes routes,
            EventLoopGroup group,
            List<NetLoop> loops,
            List<Recorder> recorders,
            Memory memory,
            Acceptor acceptor,
            Channel http) {
        this.memory = memory;
        this.routes = routes;
        this.group = group;
        this.loops = loops;
        this.recorders = recorders;
        this.acceptor = acceptor;
        this.listening.add(http);
    }

    /**
     * Starts to serve.
     *
     * @throws IOException if an address cannot be listened on
     */
    public static Gateway start(GatewaySettings settings) throws IOException {
        return start(settings, Transport.best(), new SecureRandom().nextLong(), System::nanoTime);
    }

    static Gateway start(GatewaySettings settings, Transport transport, long seed, LongSupplier nanoTime)
            throws IOException {
        LiveRoutes routes = new LiveRoutes();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                settings.loops(),
                new DefaultThreadFactory("gateway", true),
                transport.handler().get());
        Memory memory = new Memory(settings.loops());
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Recorder> recorders = new ArrayList<>();
        Map<EventLoop, NetLoop> loops = new LinkedHashMap<>();
        for (EventExecutor executor : group) {
            EventLoop eventLoop = (EventLoop) executor;
            Recorder recorder = new Recorder(settings.maxSeries());
            Loop loop = new Loop(routes, settings.exchanges(), seeds.split(), nanoTime, memory.allocator(), recorder);
            recorders.add(recorder);
            loops.put(
                    eventLoop,
                    new NetLoop(
                            eventLoop,
                            transport,
                            loop,
                            settings.pool(),
                            memory,
                            nanoTime,
                            Math.ceilDiv(settings.maxConnections(), settings.loops())));
        }
        Acceptor acceptor = new Acceptor(group, transport, loops);
        Channel http;
        try {
            http = acceptor.listen("http", settings.http());
        } catch (IOException e) {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
            throw e;
        }
        Gateway gateway = new Gateway(routes, group, List.copyOf(loops.values()), recorders, memory, acceptor, http);
        routes.whenGone(gone -> loops.values().forEach(loop -> loop.eventLoop().execute(() -> loop.forget(gone))));
        loops.values().forEach(NetLoop::start);
        log.atInfo()
                .addKeyValue("http", gateway.httpAddress())
                .addKeyValue("loops", settings.loops())
                .addKeyValue("transport", transport.name())
                .log("Gateway started");
        return gateway;
    }

    /** Where routes and endpoints are put in force. */
    public LiveRoutes routes() {
        return routes;
    }

    public InetSocketAddress httpAddress() {
        return (InetSocketAddress) listening.getFirst().localAddress();
    }

    /**
     * Serves the same on one more address.
     *
     * @return where, with the port that port 0 became
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress alsoListen(InetSocketAddress address) throws IOException {
        Channel channel = acceptor.listen("http", address);
        listening.add(channel);
        return (InetSocketAddress) channel.localAddress();
    }

    /** What was counted so far. */
    public Reading read() {
        return Reading.of(recorders);
    }

    /** What buffers hold at this moment. */
    long bufferedBytes() {
        return memory.inUse();
    }

    /** Stops as {@link #stop} does, with ten seconds for what is under way. */
    @Override
    public void close() {
        stop(GatewaySettings.DRAIN);
    }

    /** Accepts nothing more, lets exchanges end, tells clients not to come back, and after the deadline cuts what is left. */
    public void stop(Duration deadline) {
        listening.forEach(channel -> channel.close().syncUninterruptibly());
        CompletableFuture<Void> drained =
                CompletableFuture.allOf(loops.stream().map(NetLoop::drain).toArray(CompletableFuture<?>[]::new));
        drained.completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        loops.forEach(loop -> loop.eventLoop().submit(loop::stop).syncUninterruptibly());
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        log.atInfo().log("Gateway stopped");
    }
}
