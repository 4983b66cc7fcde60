package dev.linnet.routing;

/**
 * A port of a Service.
 *
 * @param port  number or name, as the author spelled it
 * @param whole whether it is reached by the Service's own address (spec of ingress-nginx, {@code service-upstream}), not by its Pods'
 */
public record ServiceRef(String namespace, String name, String port, boolean whole) {
    /** Whichever port the Service names first. */
    public static final String FIRST_PORT = "";

    /** A port that is reached by the addresses of the Pods. */
    public ServiceRef(String namespace, String name, String port) {
        this(namespace, name, port, false);
    }

    /** The same port, reached by the Service's own address. */
    public ServiceRef asWhole() {
        return new ServiceRef(namespace, name, port, true);
    }

    /** ingress-nginx's upstream name, {@code default-web-80}: for logs and metrics only, it is ambiguous. */
    public String upstreamName() {
        return namespace + "-" + name + "-" + port;
    }

    /** By hand, because event loops ask for it: what is generated for records was seen to take microseconds there. */
    @Override
    public int hashCode() {
        return (31 * namespace.hashCode() + name.hashCode()) * 31 + port.hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + name + ":" + port;
    }
}
