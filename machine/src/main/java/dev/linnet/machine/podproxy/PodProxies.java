package dev.linnet.machine.podproxy;

import dev.linnet.machine.Workbench;
import dev.linnet.machine.address.ClusterAddresses;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/** Makes the proxies of all Pods of this machine; they share what is known of the cluster. */
public final class PodProxies {
    /** Above the ports that Linux gives out by itself, and where nobody expects a service. */
    private static final int FIRST_PORT = 63_128;

    private static final int PORTS = 100;

    private final ClusterNames names;

    /** To be made before the informers start. */
    public PodProxies(Workbench bench, ClusterAddresses addresses, Egress egress) {
        ClusterView view = new ClusterView.Live(
                bench.informers().of(Service.class),
                bench.informers().of(EndpointSlice.class),
                bench.informers().of(Ingress.class));
        this.names = new ClusterNames(view, addresses.lowPorts(), addresses::owns, egress);
    }

    /**
     * Starts a Pod's proxy, whom the caller closes when the Pod has ended.
     *
     * @param namespace of the Pod
     * @param pod       its address
     * @param taken     ports that the Pod wants for itself
     * @throws IOException when none of the ports can be had there
     */
    public PodProxy open(String namespace, InetAddress pod, Set<Integer> taken) throws IOException {
        PodDialer dialer = new PodDialer(names, namespace, pod);
        IOException last = new IOException("all its ports are declared by the Pod itself");
        for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
            if (!taken.contains(port)) {
                try {
                    return PodProxy.listen(new InetSocketAddress(pod, port), dialer);
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        throw new IOException(
                "the Pod's proxy cannot listen on " + pod.getHostAddress() + ": " + last.getMessage(), last);
    }
}
