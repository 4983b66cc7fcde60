package dev.linnet.cli.up;

import dev.linnet.gateway.GatewayProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's addresses of the gateway. There may be several gateway Pods, after scaling or in a rolling update, but only one at a time can listen
 * there: the oldest. When it stops, the next takes over.
 */
final class HostPorts {
    private static final Logger log = LoggerFactory.getLogger(HostPorts.class);

    private final Deque<GatewayProcess> waiting = new ArrayDeque<>();
    private InetSocketAddress http;
    private InetSocketAddress https;
    private InetSocketAddress metrics;

    /** @param http port 0 becomes a free port with the first gateway, and stays that; the others likewise */
    HostPorts(InetSocketAddress http, InetSocketAddress https, InetSocketAddress metrics) {
        this.http = http;
        this.https = https;
        this.metrics = metrics;
    }

    /** @throws IOException if nobody has the addresses and this gateway cannot have them either */
    synchronized void offer(GatewayProcess gateway) throws IOException {
        if (waiting.isEmpty()) {
            take(gateway);
        }
        waiting.add(gateway);
    }

    private void take(GatewayProcess gateway) throws IOException {
        http = gateway.gateway().alsoListen(http);
        https = gateway.gateway().alsoListenSecurely(https);
        gateway.gateway().servesHttpsOn(https.getPort(), http.getPort());
        metrics = gateway.gateway().alsoShowNumbers(metrics);
    }

    /** To be called before the gateway stops, so that its successor need not wait for what is under way. */
    synchronized void withdraw(GatewayProcess gateway) {
        boolean had = gateway.equals(waiting.peek());
        waiting.remove(gateway);
        if (!had) {
            return;
        }
        gateway.gateway().leave(http);
        gateway.gateway().leave(https);
        gateway.gateway().leave(metrics);
        GatewayProcess next = waiting.peek();
        if (next == null) {
            return;
        }
        try {
            take(next);
        } catch (IOException e) {
            log.atError().setCause(e).log("The next gateway could not take over the addresses of the host");
        }
    }

    synchronized InetSocketAddress http() {
        return http;
    }

    synchronized InetSocketAddress https() {
        return https;
    }

    synchronized InetSocketAddress metrics() {
        return metrics;
    }
}
