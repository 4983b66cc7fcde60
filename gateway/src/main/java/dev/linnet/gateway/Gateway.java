package dev.linnet.gateway;

import dev.linnet.gateway.aside.Names;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.MissedCanaries;
import dev.linnet.gateway.exchange.Numbers;
import dev.linnet.gateway.http2.Http2Loop;
import dev.linnet.gateway.log.AccessLog;
import dev.linnet.gateway.net.EventLoops;
import dev.linnet.gateway.net.Transport;
import dev.linnet.gateway.ops.ConfigMetrics;
import dev.linnet.gateway.ops.ConnectionMetrics;
import dev.linnet.gateway.ops.Graphs;
import dev.linnet.gateway.ops.OpsAccess;
import dev.linnet.gateway.ops.OpsServer;
import dev.linnet.gateway.ops.ProcessMetrics;
import dev.linnet.gateway.policy.Guards;
import dev.linnet.gateway.policy.RouteChecks;
import dev.linnet.gateway.trace.Tracing;
import dev.linnet.numbers.CallReading;
import dev.linnet.numbers.IstioMetrics;
import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.Reading;
import dev.linnet.numbers.Recorder;
import dev.linnet.numbers.RequestMetrics;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final LiveRoutes routes = new LiveRoutes();
    private final List<Recorder> recorders = new ArrayList<>();
    private final EventLoops loops;
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final List<OpsServer> ops = new CopyOnWriteArrayList<>();
    private final List<MetricSource> metrics = new CopyOnWriteArrayList<>();
    private final String name;
    private final ObservingSettings observing;
    private final OpsAccess access;
    private final AccessLog accessLog;
    private final Tracing tracing;
    private final Runnable stopListening;
    private Optional<InetSocketAddress> https = Optional.empty();
    private final Graphs graphs;
    private final HttpsPorts httpsPorts = new HttpsPorts();
    private boolean stopped;

    private Gateway(GatewaySettings settings, Transport transport, long seed, LongSupplier nanoTime)
            throws IOException {
        this.name = settings.name();
        this.observing = settings.observing();
        this.access = settings.access();
        this.accessLog = AccessLog.start(observing.log());
        this.tracing = new Tracing(name, observing.tracing());
        routes.whenTold(tracing::obey);
        this.metrics.addAll(List.of(accessLog, tracing, new ConfigMetrics(routes), new ProcessMetrics(this::read)));
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < settings.loops(); i++) {
            recorders.add(new Recorder(settings.maxSeries(), observing.buckets()));
        }
        var each = recorders.iterator();
        Guards guards = new Guards(Names.ofSystem(nanoTime), nanoTime, routes::readyGateways);
        RouteChecks checks = new RouteChecks(httpsPorts::of, guards);
        MissedCanaries missed = new MissedCanaries();
        this.loops = new EventLoops(
                settings.loops(),
                transport,
                allocator -> new Loop(
                        routes,
                        settings.exchanges(),
                        seeds.split(),
                        nanoTime,
                        allocator,
                        new Numbers(each.next(), observing.requests().undefinedHost(), missed),
                        accessLog.loop(seeds.split(), System::currentTimeMillis),
                        tracing,
                        checks),
                Http2Loop::new,
                settings.pool(),
                nanoTime,
                settings.maxConnections());
        this.metrics.add(new ConnectionMetrics(loops::connections));
        this.metrics.add(guards.mirrored());
        this.metrics.add(missed);
        this.graphs = new Graphs(name, this::calls);
        graphs.start();
        try {
            alsoListen(settings.http());
            if (settings.https().isPresent()) {
                InetSocketAddress secure = alsoListenSecurely(settings.https().get());
                https = Optional.of(secure);
                servesHttpsOn(secure.getPort(), httpAddress().getPort());
            }
            if (settings.metrics().isPresent()) {
                alsoShowNumbers(settings.metrics().get());
            }
        } catch (IOException e) {
            loops.stop(Duration.ZERO);
            accessLog.close();
            tracing.close();
            graphs.close();
            throw e;
        }
        this.stopListening = routes.whenGone(loops::forget);
        log.atInfo()
                .addKeyValue("http", httpAddress())
                .addKeyValue("loops", settings.loops())
                .addKeyValue("transport", transport.name())
                .log("Gateway started");
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
        return new Gateway(settings, transport, seed, nanoTime);
    }

    /** Where routes and endpoints are put in force. */
    public LiveRoutes routes() {
        return routes;
    }

    /** Where HTTPS is served, if anywhere. */
    public Optional<InetSocketAddress> httpsAddress() {
        return https;
    }

    /**
     * From now on requests may be redirected to HTTPS.
     *
     * @param port where it is served
     * @param http the port of plain HTTP beside it: clients that have used this one are sent to that one
     */
    public void servesHttpsOn(int port, int http) {
        httpsPorts.serve(port, http);
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
        return alsoListenFor("", false, address);
    }

    /**
     * Serves the same on one more address, over TLS.
     *
     * @return where, with the port that port 0 became
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress alsoListenSecurely(InetSocketAddress address) throws IOException {
        return alsoListenFor("", true, address);
    }

    /**
     * Serves one host on one more address, whatever the Host header says, or only what is for one port.
     *
     * @param host   in lower case, as rules spell it; or {@code :8090}; empty for all
     * @param secure whether clients speak TLS
     * @return where, with the port that port 0 became
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress alsoListenFor(String host, boolean secure, InetSocketAddress address) throws IOException {
        if (secure) {
            CompletableFuture<SslContext> _ =
                    routes.tls().certificates().find("").prepare(); // so that nobody waits for it
        }
        Channel channel = loops.listen(secure ? "https" : "http", host, address);
        listening.add(channel);
        return (InetSocketAddress) channel.localAddress();
    }

    /** Accepts nothing more on this address; what is under way goes on. */
    public void stopListening(InetSocketAddress address) {
        List<Channel> left = listening.stream()
                .filter(channel -> address.equals(channel.localAddress()))
                .toList();
        listening.removeAll(left);
        left.forEach(channel -> channel.close().syncUninterruptibly());
    }

    /**
     * The first step of stopping, where others take over: says that it is not ready, and tells clients not to come back. All is still
     * served, new connections too: it takes a while until whoever sends them here has heard.
     */
    public void announceEnd() {
        ops.forEach(OpsServer::announceEnd);
        loops.announceEnd();
    }

    /**
     * The first step of stopping, where another gateway waits for the address: gives up an address of {@link #alsoListen} or
     * {@link #alsoShowNumbers}. What is under way goes on, and clients are told not to come back to this one.
     */
    public void leave(InetSocketAddress address) {
        loops.announceEnd();
        stopListening(address);
        List<OpsServer> silenced =
                ops.stream().filter(server -> address.equals(server.address())).toList();
        ops.removeAll(silenced);
        silenced.forEach(OpsServer::close);
    }

    /** Where numbers are shown, if anywhere. */
    public Optional<InetSocketAddress> metricsAddress() {
        return ops.stream().findFirst().map(OpsServer::address);
    }

    /**
     * Shows numbers and answers questions on one more address.
     *
     * @return where, with the port that port 0 became
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress alsoShowNumbers(InetSocketAddress address) throws IOException {
        OpsServer server = OpsServer.start(address, name, routes, this::read, this::metrics, graphs, access);
        ops.add(server);
        return server.address();
    }

    /** What is written of requests, if anything is. */
    public AccessLog accessLog() {
        return accessLog;
    }

    /** Shows these numbers too, on every metrics address. */
    public void show(MetricSource source) {
        metrics.add(source);
    }

    PrometheusPage metrics() {
        PrometheusPage page = new PrometheusPage(observing.labels(name));
        new RequestMetrics(read(), observing.requests()).writeTo(page);
        new IstioMetrics(calls()).writeTo(page);
        metrics.forEach(source -> source.writeTo(page));
        return page;
    }

    /** What was counted so far. */
    public Reading read() {
        return Reading.of(recorders);
    }

    /** Who has called whom so far. */
    CallReading calls() {
        return CallReading.of(recorders, Instant.now());
    }

    /** What buffers hold at this moment. */
    long bufferedBytes() {
        return loops.bufferedBytes();
    }

    /** Stops as {@link #stop} does, with ten seconds for what is under way. */
    @Override
    public void close() {
        stop(DRAIN);
    }

    /**
     * Accepts nothing more, lets exchanges end, tells clients not to come back, and after the deadline cuts what is left. What has
     * stopped stays so.
     */
    public synchronized void stop(Duration deadline) {
        if (stopped) {
            return;
        }
        stopped = true;
        announceEnd();
        listening.forEach(channel -> channel.close().syncUninterruptibly());
        stopListening.run();
        loops.stop(deadline);
        accessLog.close();
        tracing.close();
        graphs.close();
        ops.forEach(OpsServer::close);
        log.atInfo().log("Gateway stopped");
    }
}
