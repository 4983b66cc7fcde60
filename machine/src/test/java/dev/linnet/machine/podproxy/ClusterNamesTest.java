package dev.linnet.machine.podproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.podproxy.Destination.Inside;
import dev.linnet.machine.podproxy.Destination.Nowhere;
import dev.linnet.machine.podproxy.Destination.Outside;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNamesTest {

    private final FakeCluster objects = new FakeCluster();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web.test",
                "web.test.svc",
                "web.test.svc.cluster.local",
                "web.test.svc.cluster.local.",
            })
    void findsAServiceByEachOfItsNames(String host) {
        objects.service("test", "web", "{clusterIP: 127.70.128.5, ports: [{port: 8000}]}");

        assertThat(addresses("test", host, 8000)).containsExactly("127.70.128.5:8000");
    }

    @Test
    void findsTheServiceOfTheNamespaceThatAsks() {
        objects.service("test", "web", "{clusterIP: 127.70.128.5, ports: [{port: 80}]}");
        objects.service("prod", "web", "{clusterIP: 127.70.128.6, ports: [{port: 80}]}");

        assertThat(addresses("prod", "web", 80)).containsExactly("127.70.128.6:80");
        assertThat(addresses("prod", "web.test", 80)).containsExactly("127.70.128.5:80");
        assertThat(why("other", "web", 80)).contains("neither a Service, seen from namespace other");
    }

    @Test
    void goesToThePortThatIsReallyListenedOn() {
        objects.service("test", "web", "{clusterIP: 127.70.128.5, ports: [{port: 80}]}");

        assertThat(inside(names(new LowPorts(1024), Egress.open()).find("test", "web", 80)))
                .containsExactly("127.70.128.5:20080");
    }

    @Test
    void saysWhichPortsAServiceHas() {
        objects.service(
                "test",
                "web",
                "{clusterIP: 127.70.128.5, ports: [{port: 80}, {port: 53, protocol: UDP}, {port: 443}]}");

        assertThat(find("test", "web", 8080))
                .isEqualTo(new Nowhere(502, "Service test/web has no port 8080 (it has: 80, 443)"));
    }

    @Test
    void leadsFromAHeadlessServiceToItsReadyPods() {
        objects.service("test", "db", "{clusterIP: None, ports: [{port: 80, targetPort: 5432}]}");
        objects.slice("test", "db", """
                ports: [{port: 5432}], endpoints: [
                  {addresses: [127.70.0.2], hostname: db-0},
                  {addresses: [127.70.0.3], hostname: db-1, conditions: {ready: true}},
                  {addresses: [127.70.0.4], conditions: {ready: false}}]""");

        // The name leads to addresses; a port is what the caller says, as with DNS.
        assertThat(addresses("test", "db", 5432)).containsExactly("127.70.0.2:5432", "127.70.0.3:5432");
        assertThat(addresses("test", "db-1.db", 80)).containsExactly("127.70.0.3:80");
        assertThat(addresses("test", "db-1.db.test.svc.cluster.local", 80)).containsExactly("127.70.0.3:80");
        assertThat(why("test", "db-2.db.test.svc", 80))
                .isEqualTo("there is no Service db-2.db.test.svc, seen from namespace test");
    }

    @Test
    void followsAliases() {
        objects.service("test", "alias", "{type: ExternalName, externalName: web.prod.svc.cluster.local}");
        objects.service("prod", "web", "{clusterIP: 127.70.128.6, ports: [{port: 80}]}");
        objects.service("test", "far", "{type: ExternalName, externalName: example.com}");
        objects.service("test", "circle", "{type: ExternalName, externalName: circle.test.svc.cluster.local}");

        assertThat(addresses("test", "alias", 80)).containsExactly("127.70.128.6:80");
        assertThat(names(LowPorts.allowed(), Egress.open()).find("test", "far", 80))
                .isEqualTo(new Outside("example.com", 80));
        assertThat(why("test", "circle", 80)).isEqualTo("Service test/circle is an alias that leads in a circle");
    }

    @Test
    void takesAHostOfAnIngressToWhoeverWroteItsStatus() {
        objects.ingress("app", "app.example.com", "{ingress: [{ip: 127.0.0.1, ports: [{port: 8080}, {port: 8443}]}]}");
        objects.ingress("any", "*.example.org", "{ingress: [{ip: 10.0.0.9}]}");

        assertThat(addresses("test", "app.example.com", 80)).containsExactly("127.0.0.1:8080");
        assertThat(addresses("test", "app.example.com", 443)).containsExactly("127.0.0.1:8443");
        assertThat(addresses("test", "app.example.com", 8443)).containsExactly("127.0.0.1:8443");
        assertThat(addresses("test", "app.example.com", 30909)).containsExactly("127.0.0.1:30909");
        assertThat(addresses("test", "www.example.org", 80)).containsExactly("10.0.0.9:80");
        assertThat(find("test", "a.www.example.org", 80)).isInstanceOf(Nowhere.class);
    }

    @Test
    void prefersTheIngressThatHasAnAddress() {
        objects.ingress("canary", "app.example.com", "{}");
        objects.ingress("app", "app.example.com", "{ingress: [{ip: 127.0.0.1}]}");
        objects.ingress("lonely", "lonely.example.com", "{}");

        assertThat(addresses("test", "app.example.com", 80)).containsExactly("127.0.0.1:80");
        assertThat(why("test", "lonely.example.com", 80))
                .isEqualTo(
                        "Ingress test/lonely names lonely.example.com, but no gateway has written its address into the"
                                + " status (does one obey its class?)");
    }

    @Test
    void letsPodsOutOnlyWhenToldTo() {
        assertThat(find("test", "example.com", 80))
                .isEqualTo(new Nowhere(
                        403,
                        "example.com is neither a Service, seen from namespace test, nor an Ingress's host, and Pods here"
                                + " reach nothing else: ask for it"));
        assertThat(find("test", "192.0.2.1", 80))
                .isEqualTo(new Nowhere(
                        403,
                        "192.0.2.1 is not an address of this cluster, and Pods here reach nothing else: ask for it"));

        ClusterNames open = names(LowPorts.allowed(), Egress.open());
        assertThat(open.find("test", "example.com", 80)).isEqualTo(new Outside("example.com", 80));
        assertThat(open.find("test", "2001:db8::1", 80)).isEqualTo(new Outside("2001:db8::1", 80));
    }

    @Test
    void letsPodsReachAddressesOfTheClusterAndNodePortsButNoOtherServiceOfThisHost() {
        objects.service("test", "web", "{clusterIP: 127.70.128.5, ports: [{port: 80, nodePort: 30080}]}");

        assertThat(addresses("test", "127.70.0.2", 9898)).containsExactly("127.70.0.2:9898");
        assertThat(addresses("test", "127.0.0.1", 30080)).containsExactly("127.0.0.1:30080");
        assertThat(find("test", "127.0.0.1", 5432)).isInstanceOf(Nowhere.class);
        assertThat(find("test", "1.2.3.4.5", 80)).isEqualTo(new Nowhere(502, "1.2.3.4.5 is no address"));
    }

    private ClusterNames names(LowPorts lowPorts, Egress egress) {
        return new ClusterNames(
                objects, lowPorts, address -> address.getHostAddress().startsWith("127.70."), egress);
    }

    private Destination find(String namespace, String host, int port) {
        return names(LowPorts.allowed(), Egress.closed("ask for it")).find(namespace, host, port);
    }

    private List<String> addresses(String namespace, String host, int port) {
        return inside(find(namespace, host, port));
    }

    private String why(String namespace, String host, int port) {
        return ((Nowhere) find(namespace, host, port)).why();
    }

    private static List<String> inside(Destination destination) {
        return ((Inside) destination)
                .addresses().stream()
                        .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                        .toList();
    }
}
