package dev.linnet.gateway;

import dev.linnet.gateway.exchange.ExchangeSettings;
import dev.linnet.gateway.net.PoolSettings;
import dev.linnet.gateway.ops.OpsAccess;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a gateway is told at its start.
 *
 * @param name           which gateway it is, in its numbers
 * @param http           where it serves; port 0 for any free one
 * @param https          where it serves over TLS, if anywhere
 * @param metrics        where it shows numbers and answers questions, if anywhere
 * @param loops          how many event loops
 * @param exchanges      limits and deadlines of exchanges
 * @param pool           how connections to endpoints are kept
 * @param maxConnections of clients
 * @param maxSeries      of numbers
 * @param observing      what is told of requests
 * @param access         who may read the numbers
 */
public record GatewaySettings(
        String name,
        InetSocketAddress http,
        Optional<InetSocketAddress> https,
        Optional<InetSocketAddress> metrics,
        int loops,
        ExchangeSettings exchanges,
        PoolSettings pool,
        int maxConnections,
        int maxSeries,
        ObservingSettings observing,
        OpsAccess access) {

    public GatewaySettings {
        if (loops < 1) {
            throw new IllegalArgumentException("loops is " + loops + " (expected: at least 1)");
        }
    }

    /** The defaults, with as many event loops as there are processors. */
    public static GatewaySettings on(InetSocketAddress http) {
        return new GatewaySettings(
                "gateway",
                http,
                Optional.empty(),
                Optional.empty(),
                Runtime.getRuntime().availableProcessors(),
                ExchangeSettings.DEFAULT,
                PoolSettings.DEFAULT,
                64 * 1024,
                20_000,
                ObservingSettings.DEFAULT,
                OpsAccess.DEFAULT);
    }

    public GatewaySettings withName(String newName) {
        return new GatewaySettings(
                newName, http, https, metrics, loops, exchanges, pool, maxConnections, maxSeries, observing, access);
    }

    public GatewaySettings withHttps(InetSocketAddress address) {
        return new GatewaySettings(
                name,
                http,
                Optional.of(address),
                metrics,
                loops,
                exchanges,
                pool,
                maxConnections,
                maxSeries,
                observing,
                access);
    }

    public GatewaySettings withMetrics(InetSocketAddress address) {
        return new GatewaySettings(
                name,
                http,
                https,
                Optional.of(address),
                loops,
                exchanges,
                pool,
                maxConnections,
                maxSeries,
                observing,
                access);
    }

    public GatewaySettings withLoops(int count) {
        return new GatewaySettings(
                name, http, https, metrics, count, exchanges, pool, maxConnections, maxSeries, observing, access);
    }

    public GatewaySettings withExchanges(ExchangeSettings settings) {
        return new GatewaySettings(
                name, http, https, metrics, loops, settings, pool, maxConnections, maxSeries, observing, access);
    }

    public GatewaySettings withPool(PoolSettings settings) {
        return new GatewaySettings(
                name, http, https, metrics, loops, exchanges, settings, maxConnections, maxSeries, observing, access);
    }

    public GatewaySettings withObserving(ObservingSettings settings) {
        return new GatewaySettings(
                name, http, https, metrics, loops, exchanges, pool, maxConnections, maxSeries, settings, access);
    }

    public GatewaySettings withAccess(OpsAccess other) {
        return new GatewaySettings(
                name, http, https, metrics, loops, exchanges, pool, maxConnections, maxSeries, observing, other);
    }
}
