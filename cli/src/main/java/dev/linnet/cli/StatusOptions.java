package dev.linnet.cli;

import dev.linnet.gateway.status.Published;
import dev.linnet.gateway.status.StatusSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options of {@link GatewayOptions} that say what is written into objects. Names as ingress-nginx has them. */
final class StatusOptions {

    @Option(
            names = "--update-status",
            paramLabel = "true|false",
            arity = "1",
            description =
                    "Write status.loadBalancer of Ingresses, and Events. By default it does, but leaves status.loadBalancer"
                            + " to another controller that writes it; true writes it all the same, false neither.")
    private Optional<Boolean> updateStatus = Optional.empty();

    @Option(
            names = "--publish-status-address",
            paramLabel = "ADDRESS",
            split = ",",
            description =
                    "What status.loadBalancer says: IP addresses or host names (default: those of the nodes that run"
                            + " ready gateways; outside of the cluster, where it serves).")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--publish-service",
            paramLabel = "NAMESPACE/NAME",
            description = "The Service whose addresses status.loadBalancer says.")
    private Optional<String> service = Optional.empty();

    /**
     * What is written, if anything is.
     *
     * @param listens where the gateway serves, with port 0 as long as it does not
     */
    Optional<StatusSettings> settings(OwnPod pod, Supplier<InetSocketAddress> listens) {
        Published published = published(pod, listens);
        boolean insists = updateStatus.filter(wanted -> wanted).isPresent();
        return updateStatus.orElse(true)
                ? Optional.of(new StatusSettings(published, pod.name(), insists))
                : Optional.empty();
    }

    private Published published(OwnPod pod, Supplier<InetSocketAddress> listens) {
        if (!addresses.isEmpty() && service.isPresent()) {
            throw new UserError(
                    "--publish-service and --publish-status-address exclude each other (expected: one of them)");
        }
        if (service.isPresent()) {
            String[] parts = GatewayOptions.named("--publish-service", service.get());
            return new Published.OfService(parts[0], parts[1]);
        }
        return addresses.isEmpty()
                ? new Published.OfNodes(pod.namespace(), pod.name(), new Published.Here(() -> reachable(listens.get())))
                : new Published.Fixed(addresses);
    }

    private static InetSocketAddress reachable(InetSocketAddress listens) {
        if (!listens.getAddress().isAnyLocalAddress()) {
            return listens;
        }
        try {
            return new InetSocketAddress(InetAddress.getLocalHost(), listens.getPort());
        } catch (UnknownHostException _) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), listens.getPort());
        }
    }
}
