package dev.linnet.machine.node;

import io.fabric8.kubernetes.api.model.Container;

/**
 * What a container is in its Pod.
 *
 * @param path   {@code spec.containers{app}}
 * @param probed false for init containers: what counts of them is how they end
 */
record ContainerRole(Container container, String path, RestartPolicy policy, boolean probed) {
    String name() {
        return container.getName();
    }
}
