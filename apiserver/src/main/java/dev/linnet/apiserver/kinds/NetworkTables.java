package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What {@code kubectl get} shows of Services, their endpoints, and Ingresses. */
final class NetworkTables {
    private static final int SHOWN = 3;

    private NetworkTables() {}

    static Table services() {
        return Table.named()
                .with("Type", "How the service is exposed", row -> row.text("spec", "type"))
                .with(
                        "Cluster-IP",
                        "The address of the service inside the cluster",
                        row -> Table.orNone(row.text("spec", "clusterIP")))
                .with("External-IP", "Addresses of the service outside the cluster", NetworkTables::externalIp)
                .with("Port(s)", "The ports that this service exposes", NetworkTables::servicePorts)
                .age()
                .wide("Selector", "Labels of the pods behind it", row -> Table.labels(row.at("spec", "selector")));
    }

    private static Object externalIp(Row row) {
        List<String> external = Json.texts(row.object(), "spec", "externalIPs");
        return switch (row.text("spec", "type")) {
            case "ClusterIP", "NodePort" -> Table.orNone(String.join(",", external));
            case "LoadBalancer" -> {
                List<String> all = new ArrayList<>(loadBalancerAddresses(row.object()));
                all.addAll(external);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ExternalName" -> row.text("spec", "externalName");
            default -> Table.UNKNOWN;
        };
    }

    private static Set<String> loadBalancerAddresses(ObjectNode object) {
        Set<String> addresses = new TreeSet<>();
        for (ObjectNode point : Json.objects(object, "status", "loadBalancer", "ingress")) {
            addresses.add(Json.textOr(Json.text(point, "hostname"), point, "ip"));
        }
        addresses.remove("");
        return addresses;
    }

    private static Object servicePorts(Row row) {
        List<String> ports = new ArrayList<>();
        for (ObjectNode port : Json.objects(row.object(), "spec", "ports")) {
            long nodePort = Json.number(port, "nodePort");
            ports.add(Json.number(port, "port")
                    + (nodePort > 0 ? ":" + nodePort : "")
                    + "/"
                    + Json.text(port, "protocol"));
        }
        return Table.orNone(String.join(",", ports));
    }

    static Table ingresses() {
        return Table.named()
                .with(
                        "Class",
                        "The name of the IngressClass resource that should be used for additional configuration",
                        row -> Table.orNone(row.text("spec", "ingressClassName")))
                .with(
                        "Hosts",
                        "Hosts that incoming requests are matched against before the ingress rule",
                        NetworkTables::hosts)
                .with(
                        "Address",
                        "Address is a list containing ingress points for the load-balancer",
                        row -> String.join(",", loadBalancerAddresses(row.object())))
                .with(
                        "Ports",
                        "Ports of TLS configurations that open",
                        row -> row.at("spec", "tls").isEmpty() ? "80" : "80, 443")
                .age();
    }

    private static Object hosts(Row row) {
        List<ObjectNode> rules = Json.objects(row.object(), "spec", "rules");
        List<String> hosts = rules.stream()
                .map(rule -> Json.text(rule, "host"))
                .filter(host -> !host.isEmpty())
                .toList();
        return hosts.isEmpty() ? "*" : Table.firstOf(SHOWN, hosts);
    }

    static Table ingressClasses() {
        return Table.named()
                .with(
                        "Controller",
                        "Controller that is responsible for handling this class",
                        row -> row.text("spec", "controller"))
                .with(
                        "Parameters",
                        "A reference to a resource with additional parameters",
                        row -> parameters(row.at("spec", "parameters")))
                .age();
    }

    private static String parameters(JsonNode reference) {
        if (!reference.isObject()) {
            return Table.NONE;
        }
        String group = Json.text(reference, "apiGroup");
        return Json.text(reference, "kind") + (group.isEmpty() ? "" : "." + group) + "/" + Json.text(reference, "name");
    }

    static Table endpoints() {
        return Table.named()
                .with("Endpoints", "Addresses and ports behind the service", NetworkTables::endpointAddresses)
                .age();
    }

    private static Object endpointAddresses(Row row) {
        List<String> all = new ArrayList<>();
        for (ObjectNode subset : Json.objects(row.object(), "subsets")) {
            List<ObjectNode> ports = Json.objects(subset, "ports");
            for (ObjectNode port : ports) {
                for (ObjectNode address : Json.objects(subset, "addresses")) {
                    all.add(hostPort(Json.text(address, "ip"), Json.number(port, "port")));
                }
            }
            if (ports.isEmpty()) {
                Json.objects(subset, "addresses").forEach(address -> all.add(Json.text(address, "ip")));
            }
        }
        return Table.orNone(Table.firstOf(SHOWN, all));
    }

    private static String hostPort(String ip, long port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
    }

    static Table endpointSlices() {
        return Table.named()
                .with(
                        "AddressType",
                        "The type of address carried by this EndpointSlice",
                        row -> row.text("addressType"))
                .with("Ports", "Ports of all endpoints in it", NetworkTables::slicePorts)
                .with("Endpoints", "Addresses in it", NetworkTables::sliceAddresses)
                .age();
    }

    private static Object slicePorts(Row row) {
        List<String> ports = Json.objects(row.object(), "ports").stream()
                .map(port -> Json.textOr(Json.textOr("*", port, "name"), port, "port"))
                .toList();
        return orUnset(Table.firstOf(SHOWN, ports));
    }

    private static Object sliceAddresses(Row row) {
        List<String> addresses = Json.objects(row.object(), "endpoints").stream()
                .flatMap(endpoint -> Json.texts(endpoint, "addresses").stream())
                .toList();
        return orUnset(Table.firstOf(SHOWN, addresses));
    }

    private static String orUnset(String text) {
        return text.isEmpty() ? Table.UNSET : text;
    }
}
