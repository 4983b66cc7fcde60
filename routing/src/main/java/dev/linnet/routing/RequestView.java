package dev.linnet.routing;

/**
 * What routing needs to know of a request: ranges ({@code start} inclusive, {@code end} exclusive) of one array of bytes, so that
 * the gateway can route a head where it lies, without making objects. {@link TextRequest} is the form for people.
 *
 * <p>Headers are those that may decide: a name with an underscore, which the gateway drops, is not among them.
 */
public interface RequestView {
    byte[] UNKNOWN_ADDRESS = {};

    /** Of a client that has named no host in a handshake. */
    byte[] NO_NAME = {};

    /** Of a listener that is for all hosts. */
    byte[] ANY_HOST = {};

    byte[] bytes();

    int methodStart();

    int methodEnd();

    /** Host without port and trailing dot, in any case; an empty range if there is none. */
    int hostStart();

    int hostEnd();

    /** Path without query: decoded, dot segments resolved, slashes merged (see {@link RequestPath}). */
    int pathStart();

    int pathEnd();

    /** The query as it was sent, without its question mark. */
    int queryStart();

    int queryEnd();

    int headerCount();

    int nameStart(int header);

    int nameEnd(int header);

    /** Value without surrounding blanks. */
    int valueStart(int header);

    int valueEnd(int header);

    /** The address of the client, as far as it is known: 4 or 16 bytes, or none. Not a copy: not to be written to. */
    default byte[] clientAddress() {
        return UNKNOWN_ADDRESS;
    }

    /** Whether the client speaks TLS. */
    default boolean isSecure() {
        return false;
    }

    /** The host that the client has named in its handshake (SNI), in lower case; {@link #NO_NAME} if it has named none. Not a copy. */
    default byte[] serverName() {
        return NO_NAME;
    }

    /** Who the client is inside of the cluster. */
    default Workload caller() {
        return Workload.UNKNOWN;
    }

    /**
     * The one host that the listener is for, in lower case, whatever the client says; {@link #ANY_HOST} if the Host header decides. With
     * a port alone, {@code :8090}, the Host header decides among the hosts of rules that are for this port: {@code example.com:8090}, or
     * {@code :8090} for any.
     */
    default byte[] listenerHost() {
        return ANY_HOST;
    }

    /** Whether it came through a listener for one host, which is how Services are served inside of the cluster. */
    default boolean isInside() {
        return isInside(listenerHost());
    }

    /** Whether a {@link #listenerHost} is a port of a Service rather than a door to the outside. */
    static boolean isInside(byte[] listenerHost) {
        return listenerHost.length > 0 && listenerHost[0] != ':';
    }

    /**
     * Whether a Pod has sent it to a Service of its own namespace, through a listener inside the cluster, as far as its address tells: only
     * then it counts what it says of the sides of releases that it is on.
     */
    default boolean isFromPod() {
        return isInside() && caller().isKnown() && isNamespace(caller().namespace(), listenerHost());
    }

    /** Of a host {@code name.namespace.svc.cluster.local:port}. */
    private static boolean isNamespace(String namespace, byte[] host) {
        int at = 0;
        while (at < host.length && host[at] != '.') {
            at++;
        }
        at++;
        int end = at + namespace.length();
        if (end >= host.length || host[end] != '.') {
            return false;
        }
        for (int i = 0; i < namespace.length(); i++) {
            if (host[at + i] != namespace.charAt(i)) {
                return false;
            }
        }
        return namespace.indexOf('.') < 0;
    }
}
