package dev.linnet.gateway.ops;

import dev.linnet.gateway.net.Connections;
import dev.linnet.gateway.net.Connections.State;
import dev.linnet.gateway.tls.HandshakeFailure;
import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The connections of clients (spec of ingress-nginx, §6.2), and why handshakes fail. */
public final class ConnectionMetrics implements MetricSource {
    private static final String NOW = "nginx_process_connections";
    private static final String EVER = "nginx_process_connections_total";
    private static final String FAILED = PrometheusPage.OURS + "tls_handshake_failures_total";

    private final Supplier<Connections> connections;

    public ConnectionMetrics(Supplier<Connections> connections) {
        this.connections = connections;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        Connections seen = connections.get();
        page.family(NOW, MetricType.GAUGE, "current number of client connections by state");
        int active = seen.states().values().stream().mapToInt(Integer::intValue).sum();
        page.sample(NOW, Map.of("state", "active"), active);
        for (State state : State.values()) {
            String label = state.name().toLowerCase(Locale.ROOT);
            page.sample(NOW, Map.of("state", label), seen.states().getOrDefault(state, 0));
        }
        page.family(EVER, MetricType.COUNTER, "total number of connections by state");
        page.sample(EVER, Map.of("state", "accepted"), (double) seen.accepted());
        page.sample(EVER, Map.of("state", "handled"), (double) seen.handled());
        page.family(FAILED, MetricType.COUNTER, "TLS handshakes of clients that failed");
        for (HandshakeFailure why : HandshakeFailure.values()) {
            page.sample(FAILED, Map.of("reason", why.label()), (double)
                    seen.failed().getOrDefault(why, 0L));
        }
    }
}
