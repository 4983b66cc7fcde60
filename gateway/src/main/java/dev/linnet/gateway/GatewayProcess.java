package dev.linnet.gateway;

import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.FeedSettings;
import dev.linnet.gateway.feed.Orphans;
import dev.linnet.gateway.feed.ReviewedBearers;
import dev.linnet.gateway.ops.OpsAccess;
import dev.linnet.gateway.status.StatusSettings;
import dev.linnet.gateway.status.StatusWriter;
import dev.linnet.gateway.tls.CertificateMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway with all that belongs to it in a cluster: it serves, follows the Kubernetes API, and writes statuses and Events.
 *
 * <p>Started in this order, and stopped in the reverse one, so that nothing is promised that is not served.
 */
public final class GatewayProcess implements AutoCloseable {
    private final Gateway gateway;
    private final Feed feed;
    private final Optional<StatusWriter> status;
    private boolean stopped;

    /**
     * What a gateway process is told.
     *
     * @param follows what it obeys
     * @param status  what to write into them; empty writes nothing
     */
    public record Settings(GatewaySettings gateway, FeedSettings follows, Optional<StatusSettings> status) {}

    private GatewayProcess(Gateway gateway, Feed feed, Optional<StatusWriter> status) {
        this.gateway = gateway;
        this.feed = feed;
        this.status = status;
    }

    /**
     * Starts to listen and to follow; {@link #ready()} tells when the first table is in force. The caller closes the client.
     *
     * @throws IOException if an address cannot be listened on
     */
    public static GatewayProcess start(KubernetesClient client, Settings settings) throws IOException {
        Clock clock = Clock.systemUTC();
        OpsAccess access = new OpsAccess(
                new ReviewedBearers(client, clock), settings.gateway().access().protectMetrics());
        Gateway gateway = Gateway.start(settings.gateway().withAccess(access));
        Listeners listeners = new Listeners(gateway, settings.gateway().http().getAddress());
        Feed feed = new Feed(client, settings.follows(), gateway.routes(), listeners::listenAt);
        gateway.show(new Orphans(feed));
        gateway.show(new CertificateMetrics(gateway.routes()::tls));
        Optional<StatusWriter> status = settings.status().map(write -> new StatusWriter(client, feed, write, clock));
        status.ifPresent(writer -> gateway.show(writer.metrics()));
        GatewayProcess process = new GatewayProcess(gateway, feed, status);
        feed.start();
        status.ifPresent(StatusWriter::start);
        return process;
    }

    public Gateway gateway() {
        return gateway;
    }

    /** Whether requests are answered by what the cluster says. */
    public boolean ready() {
        return feed.synced();
    }

    /** Versions that the table in force was compiled from: {@code Ingress/shop/web} to resourceVersion. A live view. */
    public Map<String, String> applied() {
        return feed.applied();
    }

    /** The first step of stopping; see {@link Gateway#announceEnd}. The second is due when nobody is sent here any more. */
    public void announceEnd() {
        gateway.announceEnd();
    }

    /** Accepts nothing more, lets exchanges end within the deadline, then ends everything. What has stopped stays so. */
    public synchronized void stop(Duration deadline) {
        if (stopped) {
            return;
        }
        stopped = true;
        status.ifPresent(StatusWriter::close);
        gateway.stop(deadline);
        feed.close();
    }

    /** Stops as {@link #stop} does, with ten seconds for what is under way. */
    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }
}
