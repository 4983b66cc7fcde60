package dev.linnet.gateway;

import dev.linnet.gateway.feed.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens at the ports that are for something of their own: one for each port of a Service that is served inside the cluster, and what
 * Gateways have beside the usual ones. Told only after the rules for them are in force: who is let in there finds them. Used by one thread.
 */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final Gateway gateway;
    private final InetAddress address;
    private final Set<Listen> open = new HashSet<>();
    private final Set<Listen> refused = new HashSet<>();

    Listeners(Gateway gateway, InetAddress address) {
        this.gateway = gateway;
        this.address = address;
    }

    void listenAt(Set<Listen> wanted) {
        for (Listen known : List.copyOf(open)) {
            if (!wanted.contains(known)) {
                gateway.stopListening(new InetSocketAddress(address, known.port()));
                open.remove(known);
                log.atInfo().addKeyValue("host", known.host()).log("Port is not served any more");
            }
        }
        refused.retainAll(wanted);
        wanted.stream().filter(listen -> !open.contains(listen)).forEach(this::listen);
    }

    /** Whoever leads traffic to the gateway of a Service looks first whether somebody listens, so a port that cannot be had harms nobody. */
    private void listen(Listen wanted) {
        InetSocketAddress at = new InetSocketAddress(address, wanted.port());
        try {
            gateway.alsoListenFor(wanted.host(), wanted.secure(), at);
            open.add(wanted);
            refused.remove(wanted);
            log.atInfo()
                    .addKeyValue("host", wanted.host())
                    .addKeyValue("port", wanted.port())
                    .log("Port is served");
        } catch (IOException e) {
            if (refused.add(wanted)) { // it is tried at each update, and that was said
                log.atWarn()
                        .addKeyValue("host", wanted.host())
                        .addKeyValue("port", wanted.port())
                        .setCause(e)
                        .log("Port cannot be served");
            }
        }
    }
}
