package dev.linnet.benchmarks;

import dev.linnet.gateway.Gateway;
import dev.linnet.gateway.GatewaySettings;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The gateway as it stands in a cluster, on one event loop, with the comparison's one route in place of a Kubernetes API. */
final class StaticGateway {
    private static final ServiceRef STABLE = new ServiceRef("default", "stable", "80");
    private static final ServiceRef CANARY = new ServiceRef("default", "canary", "80");

    private StaticGateway() {}

    public static void main(String[] args) throws Exception {
        InetSocketAddress http = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        Gateway gateway = Gateway.start(GatewaySettings.on(http).withLoops(1));
        gateway.routes()
                .endpoints(Map.of(
                        STABLE, List.of(new Endpoint("127.0.0.1", 18081, "")),
                        CANARY, List.of(new Endpoint("127.0.0.1", 18082, ""))));
        gateway.routes().install(RouteTable.of(List.of(rule())), Map.of());
        new CountDownLatch(1).await(); // until it is killed
    }

    private static Rule rule() {
        CanarySelector tenth = new CanarySelector(
                Optional.of(new HeaderRule.AlwaysNever("X-Canary")), Optional.empty(), new Share(10, 100));
        ObjectRef source = new ObjectRef("Ingress", "default", "app");
        return new Rule(
                "app.example.com",
                new Rule.PathMatch.Prefix("/api"),
                STABLE,
                List.of(new Rule.CanarySide(CANARY, tenth, source)),
                source,
                Rule.Limits.DEFAULT);
    }
}
