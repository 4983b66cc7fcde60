package dev.linnet.routing;

/**
 * A port of a Service.
 *
 * @param port   number or name, as the author spelled it
 * @param whole  whether it is reached by the Service's own address (spec of ingress-nginx, {@code service-upstream}), not by its Pods'
 * @param subset which of its Pods
 */
public record ServiceRef(String namespace, String name, String port, boolean whole, Subset subset) {
    /** Whichever port the Service names first. */
    public static final String FIRST_PORT = "";

    /** For rules that answer by themselves. */
    public static final ServiceRef NOBODY = new ServiceRef("", "", FIRST_PORT);

    /** A port that is reached by the addresses of the Pods. */
    public ServiceRef(String namespace, String name, String port) {
        this(namespace, name, port, false);
    }

    /** A port of all Pods. */
    public ServiceRef(String namespace, String name, String port, boolean whole) {
        this(namespace, name, port, whole, Subset.ALL);
    }

    /** The same port, reached by the Service's own address. */
    public ServiceRef asWhole() {
        return new ServiceRef(namespace, name, port, true, subset);
    }

    /** The same port of some Pods. */
    public ServiceRef of(Subset some) {
        return new ServiceRef(namespace, name, port, whole, some);
    }

    /** Whether it is a host outside of the cluster, under its own name, rather than a Service. */
    public boolean isHost() {
        return name.indexOf('.') >= 0;
    }

    /** ingress-nginx's upstream name, {@code default-web-80}: for logs and metrics only, it is ambiguous. Interned, because many routes have it. */
    public String upstreamName() {
        return (namespace + "-" + name + "-" + port + (subset.name().isEmpty() ? "" : "-" + subset.name())).intern();
    }

    /** By hand, because event loops ask for it: what is generated for records was seen to take microseconds there. */
    @Override
    public int hashCode() {
        return ((31 * namespace.hashCode() + name.hashCode()) * 31 + port.hashCode()) * 31
                + subset.name().hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + name + ":" + port + (subset.name().isEmpty() ? "" : " subset " + subset.name());
    }
}
