package dev.linnet.machine.node;

import dev.linnet.machine.address.ClusterAddresses;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Watched;
import dev.linnet.machine.node.command.Processes;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.probe.Prober;
import dev.linnet.machine.podproxy.PodProxies;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;

/** What all Pods of this machine share. */
record Surroundings(
        KubernetesClient client,
        Watched<Service> services,
        Watched<EndpointSlice> slices,
        ClusterAddresses addresses,
        PodProxies proxies,
        LogStore logs,
        Processes processes,
        NodeSettings settings,
        InstantSource clock) {

    /**
     * A node's own.
     *
     * @param address of the node
     * @param events  under the node's name
     * @param prober  asks from the node's address
     */
    record Home(String node, InetAddress address, Events.Recorder events, Prober prober) {}

    /** Where a Pod keeps everything that it has on disk. */
    static Path folder(NodeSettings settings, String uid) {
        return folder(settings).resolve(uid);
    }

    /** Where the Pods have their folders. */
    static Path folder(NodeSettings settings) {
        return settings.directory().resolve("pods");
    }

    Path folder(String uid) {
        return folder(settings, uid);
    }

    /** What one container of a Pod has on disk for itself. */
    Path containerFolder(String uid, String container) {
        return folder(uid).resolve("containers").resolve(container);
    }

    /** Whether endpoint slices still send requests to this address. */
    boolean isRouted(InetAddress podIp) {
        String address = podIp.getHostAddress();
        return slices.all().stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .anyMatch(endpoint -> endpoint.getAddresses().contains(address)
                        && (endpoint.getConditions() == null
                                || !Boolean.FALSE.equals(
                                        endpoint.getConditions().getReady())));
    }
}
