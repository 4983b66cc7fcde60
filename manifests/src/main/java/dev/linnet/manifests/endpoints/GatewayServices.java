package dev.linnet.manifests.endpoints;

/** Services whose endpoints are our gateways, where they tell their numbers. */
public final class GatewayServices {
    /** Of the gateways at the edge, in the namespace where Linnet is. */
    public static final String EDGE = "linnet-gateway-metrics";

    /** Of those inside the cluster, in each namespace that has some. */
    public static final String INSIDE = "linnet-mesh-metrics";

    private GatewayServices() {}
}
