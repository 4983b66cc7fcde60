package dev.linnet.machine.podproxy;

import dev.linnet.machine.control.Key;
import dev.linnet.machine.podproxy.Destination.Inside;
import dev.linnet.machine.podproxy.Destination.Nowhere;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressPortStatus;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Leads from a host that an Ingress names to whoever serves it, by what that one wrote into the Ingress's status. */
final class IngressHosts {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final ClusterView view;

    IngressHosts(ClusterView view) {
        this.view = view;
    }

    /** Empty when no Ingress names the host. One with an address is preferred, then one that names the host itself. */
    Optional<Destination> find(String host, int port) {
        return view.ingresses().stream()
                .filter(ingress -> names(ingress, host) || names(ingress, wildcard(host)))
                .min(Comparator.comparing(
                                (Ingress ingress) -> addresses(ingress).isEmpty())
                        .thenComparing(ingress -> !names(ingress, host)))
                .map(ingress -> destination(ingress, host, port));
    }

    private static boolean names(Ingress ingress, String host) {
        return ingress.getSpec() != null
                && ingress.getSpec().getRules().stream()
                        .map(IngressRule::getHost)
                        .filter(Objects::nonNull)
                        .anyMatch(named -> named.toLowerCase(Locale.ROOT).equals(host));
    }

    /** {@code *.example.com} for {@code app.example.com}: a wildcard stands for one label. */
    private static String wildcard(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : "*" + host.substring(dot);
    }

    private static List<IngressLoadBalancerIngress> addresses(Ingress ingress) {
        if (ingress.getStatus() == null || ingress.getStatus().getLoadBalancer() == null) {
            return List.of();
        }
        return ingress.getStatus().getLoadBalancer().getIngress().stream()
                .filter(each -> each.getIp() != null && !each.getIp().isEmpty())
                .toList();
    }

    private static Destination destination(Ingress ingress, String host, int port) {
        String name = "Ingress " + Key.of(ingress);
        List<InetSocketAddress> found = addresses(ingress).stream()
                .flatMap(each -> address(each, port).stream())
                .toList();
        if (!found.isEmpty()) {
            return new Inside("the gateway of " + name, found);
        }
        return new Nowhere(
                502,
                name + " names " + host + ", but "
                        + (addresses(ingress).isEmpty()
                                ? "no gateway has written its address into the status (does one obey its class?)"
                                : "its status tells no port for " + port));
    }

    /** Ports are as they would be on a cluster; where the gateway listens elsewhere, it says so, HTTP before HTTPS. */
    private static Optional<InetSocketAddress> address(IngressLoadBalancerIngress at, int port) {
        List<Integer> ports =
                at.getPorts().stream().map(IngressPortStatus::getPort).toList();
        InetAddress address = InetAddress.ofLiteral(at.getIp());
        if (ports.isEmpty() || ports.contains(port) || (port != HTTP && port != HTTPS)) {
            return Optional.of(new InetSocketAddress(address, port));
        }
        return ports.stream().skip(port == HTTPS ? 1 : 0).findFirst().map(real -> new InetSocketAddress(address, real));
    }
}
