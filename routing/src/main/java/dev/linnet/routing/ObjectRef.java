package dev.linnet.routing;

/** A Kubernetes object by name, for messages, events and {@code explain}. */
public record ObjectRef(String kind, String namespace, String name) {
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
