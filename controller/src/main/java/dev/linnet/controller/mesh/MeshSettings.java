package dev.linnet.controller.mesh;

/**
 * How gateways inside the cluster are run.
 *
 * @param image    of this program
 * @param replicas in each namespace
 */
public record MeshSettings(String image, int replicas) {
    public static final MeshSettings DEFAULT = new MeshSettings("linnet", 2);
}
