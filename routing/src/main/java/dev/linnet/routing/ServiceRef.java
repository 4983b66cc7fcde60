package dev.linnet.routing;

/**
 * A port of a Service.
 *
 * @param port number or name, as the author spelled it
 */
public record ServiceRef(String namespace, String name, String port) {
    /** Whichever port the Service names first. */
    public static final String FIRST_PORT = "";

    /** ingress-nginx's upstream name, {@code default-web-80}: for logs and metrics only, it is ambiguous. */
    public String upstreamName() {
        return namespace + "-" + name + "-" + port;
    }

    @Override
    public String toString() {
        return namespace + "/" + name + ":" + port;
    }
}
