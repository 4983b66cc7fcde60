package dev.linnet.machine;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.function.Function;

/**
 * What a machine is made of.
 *
 * @param api     the Kubernetes API to work for, and who we are there
 * @param clients makes the client of it; says how objects are read and written, and which way requests go, but not yet whose they are
 * @param parts   parts beside the controllers (node agents, scheduler, service proxy), made on the machine's own workbench and
 *                started after the controllers
 */
public record MachineSettings(Config api, KubernetesClientBuilder clients, List<Function<Workbench, Part>> parts) {
    public MachineSettings {
        parts = List.copyOf(parts);
    }

    public MachineSettings(Config api, List<Function<Workbench, Part>> parts) {
        this(api, new KubernetesClientBuilder(), parts);
    }
}
