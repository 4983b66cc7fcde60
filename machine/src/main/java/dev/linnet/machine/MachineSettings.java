package dev.linnet.machine;

import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Informers;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * What a machine is made of.
 *
 * @param api   the Kubernetes API to work for, and who we are there
 * @param parts parts beside the controllers (node agents, scheduler, service proxy), started after them
 */
public record MachineSettings(Config api, List<PartFactory> parts) {
    public MachineSettings {
        parts = List.copyOf(parts);
    }

    /** Makes a part from what all parts share. */
    @FunctionalInterface
    public interface PartFactory {
        /** @param informers not yet started: say here what the part wants to watch */
        Part make(KubernetesClient client, Informers informers, Events events);
    }
}
