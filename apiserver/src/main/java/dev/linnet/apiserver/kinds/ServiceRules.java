package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services: defaults and checks. Addresses and node ports are given out by the server, not here. */
final class ServiceRules {
    private static final int AFFINITY_SECONDS = 10800;
    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private ServiceRules() {}

    static void applyDefaults(ObjectNode service) {
        ObjectNode spec = Json.object(service, "spec");
        Json.putDefault(spec, "sessionAffinity", "None");
        Json.putDefault(spec, "type", "ClusterIP");
        for (ObjectNode port : Json.objects(spec, "ports")) {
            Json.putDefault(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            if (new Field(target, "").isZero()) {
                port.set("targetPort", port.path("port").isMissingNode() ? target : port.path("port"));
            }
        }
        applyAffinity(spec);
        applyPolicies(spec);
        StatusDefaults.loadBalancer(service);
    }

    private static void applyAffinity(ObjectNode spec) {
        if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode clientIp = Json.object(spec, "sessionAffinityConfig", "clientIP");
            Json.putDefault(clientIp, "timeoutSeconds", AFFINITY_SECONDS);
        } else {
            spec.remove("sessionAffinityConfig");
        }
    }

    private static void applyPolicies(ObjectNode spec) {
        String type = Json.text(spec, "type");
        if (type.equals("ExternalName")) {
            spec.remove(List.of("internalTrafficPolicy", "externalTrafficPolicy"));
            return;
        }
        Json.putDefault(spec, "internalTrafficPolicy", "Cluster");
        Json.putDefault(spec, "ipFamilyPolicy", "SingleStack");
        if (!Json.isSet(spec, "ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        boolean external = isNodePortType(type) || !spec.path("externalIPs").isEmpty();
        if (external) {
            Json.putDefault(spec, "externalTrafficPolicy", "Cluster");
        } else {
            // What is left from a time when the service had another type.
            spec.remove("externalTrafficPolicy");
        }
        if (type.equals("LoadBalancer")) {
            Json.putDefault(spec, "allocateLoadBalancerNodePorts", true);
        } else {
            spec.remove("allocateLoadBalancerNodePorts");
        }
    }

    private static boolean isNodePortType(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    static void check(Field service, Violations violations) {
        Field spec = service.at("spec");
        String type = spec.at("type").text();
        boolean headless = isHeadless(spec);
        if (spec.at("ports").size() == 0 && !headless && !type.equals("ExternalName")) {
            violations.required(spec.at("ports"));
        }
        if (headless && isNodePortType(type)) {
            violations.invalid(
                    new Field(spec.at("clusterIP").value(), "spec.clusterIPs[0]"),
                    "may not be set to 'None' for " + type + " services");
        }
        if (type.equals("ExternalName")) {
            checkExternalName(spec, violations);
        }
        checkPorts(spec, violations);
        MetadataRules.checkLabels(spec.at("selector"), violations);
        violations.oneOf(spec.at("sessionAffinity"), List.of("ClientIP", "None"));
        checkClusterIp(spec, violations);
        spec.at("externalIPs").items().forEach(ip -> violations.invalid(ip, Names.ip(ip.text())));
        violations.oneOf(spec.at("type"), TYPES);
        checkNodePorts(spec, violations);
        checkUniquePorts(spec, violations);
    }

    private static boolean isHeadless(Field spec) {
        return spec.at("clusterIP").text().equals("None");
    }

    private static void checkExternalName(Field spec, Violations violations) {
        Field name = spec.at("externalName");
        if (!spec.at("clusterIP").isZero()) {
            violations.forbidden(spec.at("clusterIPs"), "may not be set for ExternalName services");
        }
        if (name.isZero()) {
            violations.required(name);
        } else {
            violations.invalid(name, Names.subdomain(name.text().replaceAll("\\.$", "")));
        }
    }

    private static void checkPorts(Field spec, Violations violations) {
        List<Field> ports = spec.at("ports").items();
        Set<Object> names = new HashSet<>();
        for (Field port : ports) {
            Field name = port.at("name");
            if (name.isZero()) {
                if (ports.size() > 1) {
                    violations.required(name);
                }
            } else {
                violations.invalid(name, Names.label(name.text()));
                violations.unique(name, name.text(), names);
            }
            Field number = port.at("port");
            violations.invalid(number, number.number(), Names.portNumber(number.number()));
            violations.oneOf(port.at("protocol"), PROTOCOLS);
            PortRules.checkNumberOrName(port.at("targetPort"), violations);
            if (!port.at("appProtocol").isZero()) {
                violations.invalid(
                        port.at("appProtocol"),
                        Names.qualifiedName(port.at("appProtocol").text()));
            }
        }
    }

    private static void checkClusterIp(Field spec, Violations violations) {
        Field ip = spec.at("clusterIP");
        if (!ip.isZero() && !isHeadless(spec)) {
            violations.invalid(new Field(ip.value(), "spec.clusterIPs[0]"), Names.ip(ip.text()));
        }
    }

    private static void checkNodePorts(Field spec, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field port : spec.at("ports").items()) {
            Field nodePort = port.at("nodePort");
            if (nodePort.isZero()) {
                continue;
            }
            if (!isNodePortType(spec.at("type").text())) {
                violations.forbidden(
                        nodePort,
                        "may not be used when `type` is '" + spec.at("type").text() + "'");
            }
            if (!seen.add(port.at("protocol").text() + nodePort.number())) {
                violations.duplicate(nodePort);
            }
        }
    }

    private static void checkUniquePorts(Field spec, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field port : spec.at("ports").items()) {
            long number = port.at("port").number();
            String protocol = port.at("protocol").text();
            if (!seen.add(protocol + number)) {
                ObjectNode shown = Json.newObject().put("Name", "").put("Protocol", protocol);
                shown.putNull("AppProtocol");
                shown.put("Port", number).put("TargetPort", 0).put("NodePort", 0);
                violations.duplicate(port, shown);
            }
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        String oldIp = before.at("spec", "clusterIP").text();
        String newIp = after.at("spec", "clusterIP").text();
        boolean mayChange = before.at("spec", "type").text().equals("ExternalName")
                || after.at("spec", "type").text().equals("ExternalName");
        if (mayChange || oldIp.isEmpty() || oldIp.equals(newIp)) {
            return;
        }
        Field first = new Field(after.at("spec", "clusterIP").value(), "spec.clusterIPs[0]");
        if (newIp.isEmpty()) {
            violations.required(first, "primary clusterIP can not be unset");
        } else {
            violations.invalid(first, Json.newArray().add(newIp), "may not change once set");
        }
    }
}
