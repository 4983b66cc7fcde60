package dev.linnet.machine.podproxy;

import dev.linnet.machine.proxy.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Connects as one Pod: to what names mean in its namespace, and from its address. */
final class PodDialer {
    private static final Duration WITHIN_THE_MACHINE = Duration.ofSeconds(3);
    private static final Duration TO_THE_WORLD = Duration.ofSeconds(10);
    /** A host with more addresses than that has been given up on long before the last. */
    private static final int MAX_TRIES = 8;

    private final ClusterNames names;
    private final String namespace;
    private final InetAddress pod;
    private final AtomicInteger turn = new AtomicInteger();

    PodDialer(ClusterNames names, String namespace, InetAddress pod) {
        this.names = names;
        this.namespace = namespace;
        this.pod = pod;
    }

    /** @throws Refusal with what to tell the Pod */
    SocketChannel dial(Authority to) throws Refusal {
        return switch (names.find(namespace, to.host(), to.port())) {
            case Destination.Inside inside -> dial(inside);
            case Destination.Outside outside -> dial(outside);
            case Destination.Nowhere nowhere -> throw new Refusal(nowhere.status(), nowhere.why());
        };
    }

    private SocketChannel dial(Destination.Inside inside) throws Refusal {
        if (inside.addresses().isEmpty()) {
            throw new Refusal(502, inside.what() + " has no ready endpoints");
        }
        // The callee is to see who calls.
        return first(inside.what(), inside.addresses(), Optional.of(pod), WITHIN_THE_MACHINE);
    }

    private SocketChannel dial(Destination.Outside outside) throws Refusal {
        try {
            List<InetSocketAddress> addresses = List.of(InetAddress.getAllByName(outside.host())).stream()
                    .map(address -> new InetSocketAddress(address, outside.port()))
                    .toList();
            // From there no answer would find its way to a Pod's address.
            return first(outside.host(), addresses, Optional.empty(), TO_THE_WORLD);
        } catch (UnknownHostException e) {
            throw new Refusal(502, "no DNS server knows " + outside.host(), e);
        }
    }

    /** Begins with another one each time, as answers of DNS do. */
    private SocketChannel first(
            String what, List<InetSocketAddress> addresses, Optional<InetAddress> source, Duration patience)
            throws Refusal {
        List<InetSocketAddress> order = new ArrayList<>(addresses);
        Collections.rotate(order, turn.getAndIncrement());
        IOException last = new IOException("nothing was tried");
        for (InetSocketAddress address : order.subList(0, Math.min(MAX_TRIES, order.size()))) {
            try {
                return Sockets.connect(address, source, patience);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new Refusal(502, what + " does not answer at " + text(order.getLast()) + ": " + last.getMessage(), last);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
