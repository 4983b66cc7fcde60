package dev.linnet.routing;

/** A Kubernetes Secret by name. Values of routing hold this and never what is in it. */
public record SecretRef(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
