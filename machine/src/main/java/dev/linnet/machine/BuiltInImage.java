package dev.linnet.machine;

/**
 * A container image that runs inside this JVM instead of in a container. Found by the last path element of the image name,
 * whatever the registry and tag.
 */
public interface BuiltInImage extends Image {

    /** The last path element of the image name, {@code podinfo}. */
    String name();
}
