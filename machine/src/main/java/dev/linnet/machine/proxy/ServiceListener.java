package dev.linnet.machine.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on one address and port of a Service and carries each connection to an endpoint. */
final class ServiceListener {

    private static final Logger log = LoggerFactory.getLogger(ServiceListener.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /**
     * What all listeners of a proxy share.
     *
     * @param isPod       whether an address is a Pod's: then the endpoint is to see it as the caller
     * @param connections all that there are, for whoever ends the proxy
     */
    record Shared(Predicate<InetAddress> isPod, Connections connections) {}

    private final Acceptor acceptor;
    private final Balancer balancer;

    private ServiceListener(Acceptor acceptor, Balancer balancer) {
        this.acceptor = acceptor;
        this.balancer = balancer;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the address or port cannot be had
     */
    static ServiceListener listen(InetSocketAddress address, Balancer balancer, Shared shared) throws IOException {
        Carrier carrier = new Carrier(balancer, shared);
        return new ServiceListener(Acceptor.listen(address, shared.connections(), carrier::serve), balancer);
    }

    Balancer balancer() {
        return balancer;
    }

    /** Takes no more connections. Those that exist go on until they end by themselves. */
    void close() {
        acceptor.close();
    }

    private record Carrier(Balancer balancer, Shared shared) {

        void serve(SocketChannel caller) throws IOException, InterruptedException {
            InetAddress from = ((InetSocketAddress) caller.getRemoteAddress()).getAddress();
            Optional<SocketChannel> endpoint = connect(from);
            if (endpoint.isEmpty()) {
                Relay.abort(caller);
                return;
            }
            shared.connections().add(endpoint.get());
            try {
                new Relay(caller, endpoint.get()).run();
            } finally {
                shared.connections().remove(endpoint.get());
            }
        }

        /** The first endpoint that answers. */
        private Optional<SocketChannel> connect(InetAddress caller) {
            Optional<InetAddress> source = Optional.of(caller).filter(shared.isPod());
            for (InetSocketAddress endpoint : balancer.order(caller)) {
                try {
                    SocketChannel channel = Sockets.connect(endpoint, source, CONNECT_TIMEOUT);
                    balancer.connected(caller, endpoint);
                    return Optional.of(channel);
                } catch (IOException e) {
                    log.atDebug()
                            .addKeyValue("service", balancer.backends().service())
                            .addKeyValue("endpoint", endpoint)
                            .setCause(e)
                            .log("Endpoint does not answer, the next one is tried");
                }
            }
            return Optional.empty();
        }
    }
}
