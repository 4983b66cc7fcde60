package dev.linnet.controller.mesh;

import java.util.Map;

/**
 * How gateways inside the cluster are run.
 *
 * @param image       of this program
 * @param replicas    in each namespace
 * @param environment variables that each of them has
 */
public record MeshSettings(String image, int replicas, Map<String, String> environment) {
    public MeshSettings {
        environment = Map.copyOf(environment);
    }

    public static final MeshSettings DEFAULT = new MeshSettings("linnet", 2, Map.of());
}
