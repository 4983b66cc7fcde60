package dev.linnet.routing;

/**
 * A port of a Service.
 *
 * @param port number or name, as the author spelled it
 */
public record ServiceRef(String namespace, String name, String port) {

    /** ingress-nginx's upstream name, {@code default-web-80}: for logs and metrics only, it is ambiguous. */
    public String upstreamName() {
        return namespace + "-" + name + "-" + port;
    }

    @Override
    public String toString() {
        return namespace + "/" + name + ":" + port;
    }
}
