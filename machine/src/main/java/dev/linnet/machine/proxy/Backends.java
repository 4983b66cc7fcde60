package dev.linnet.machine.proxy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who serves a Service's port.
 *
 * @param service  {@code namespace/name}
 * @param port     the Service port's name, empty when it has none
 * @param ready    endpoints that take new connections, in a stable order
 * @param affinity how long a caller is sent to the same endpoint after its last connection; empty for no affinity
 */
record Backends(String service, String port, List<InetSocketAddress> ready, Optional<Duration> affinity) {
    Backends {
        ready = List.copyOf(ready);
    }
}
