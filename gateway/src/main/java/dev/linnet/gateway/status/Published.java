package dev.linnet.gateway.status;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where Ingresses can be reached, as their {@code status.loadBalancer} says (spec of ingress-nginx, §5.5). Ports are only told where
 * nobody is in front who has others.
 */
public sealed interface Published {
    /**
     * Always the same.
     *
     * @param addresses IP addresses or host names
     */
    record Fixed(List<String> addresses) implements Published {
        public Fixed {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Where the gateway itself listens.
     *
     * @param listens with port 0 as long as it does not yet
     */
    record Here(Supplier<InetSocketAddress> listens) implements Published {}

    /** Where this Service can be reached. */
    record OfService(String namespace, String name) implements Published {}

    /**
     * The nodes on which ready Pods like this one run.
     *
     * @param otherwise where there is no such Pod: the gateway runs outside of the cluster
     */
    record OfNodes(String namespace, String pod, Here otherwise) implements Published {}
}
