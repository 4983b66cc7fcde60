package dev.linnet.numbers;

/**
 * Who called whom by which Service: the labels that Istio's metrics carry (spec of Istio, §4.3). All come from objects, none from a
 * request.
 *
 * @param namespace of the Service
 * @param service   its name
 */
public record Call(Peer source, Peer destination, String namespace, String service) {
    /** Where calls are counted once there are more than allowed. */
    static final Call OVERFLOW = new Call(Peer.UNKNOWN, Peer.UNKNOWN, "", "(more)");

    /** One end of it. */
    public record Peer(Graph.Kind kind, String namespace, String workload, String app, String version) {
        public static final Peer UNKNOWN = new Peer(Graph.Kind.UNKNOWN, "", "unknown", "", "");

        /** A Service none of whose Pods was reached. */
        public static Peer service(String namespace, String name) {
            return new Peer(Graph.Kind.SERVICE, namespace, name, name, "");
        }

        Graph.Node node() {
            String id = switch (kind) {
                case UNKNOWN -> "unknown";
                case EDGE -> "edge:" + namespace + "/" + workload;
                case SERVICE -> "service:" + namespace + "/" + workload;
                case WORKLOAD -> "workload:" + namespace + "/" + workload + (version.isEmpty() ? "" : "@" + version);
            };
            return new Graph.Node(id, kind, namespace, workload, app, version);
        }
    }
}
