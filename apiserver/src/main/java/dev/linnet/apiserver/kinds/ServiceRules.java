package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services: defaults and checks. Addresses and node ports are given out by the server, not here. */
final class ServiceRules {
    private static final int AFFINITY_SECONDS = 10800;
    private static final int AFFINITY_SECONDS_MAX = 86_400;
    private static final String UNUSED_ADDRESS = "may not be set for ExternalName services";
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
        if (isExternal(spec)) {
            Json.putDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Json.putDefault(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    /** Whether anybody outside of the cluster is to reach it. */
    private static boolean isExternal(JsonNode spec) {
        return isNodePortType(Json.text(spec, "type"))
                || (Json.text(spec, "type").equals("ClusterIP")
                        && !spec.path("externalIPs").isEmpty());
    }

    private static boolean isNodePortType(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    static void check(Field service, Violations violations) {
        Field spec = service.at("spec");
        String type = spec.at("type").text();
        boolean headless = ServiceAddressRules.isHeadless(spec);
        if (spec.at("ports").size() == 0 && !headless && !type.equals("ExternalName")) {
            violations.required(spec.at("ports"));
        }
        if (headless && isNodePortType(type)) {
            violations.invalid(ServiceAddressRules.first(spec), "may not be set to 'None' for " + type + " services");
        }
        if (type.equals("ExternalName")) {
            checkExternalName(spec, violations);
        }
        checkPorts(spec, violations);
        MetadataRules.checkLabels(spec.at("selector"), violations);
        checkAffinity(spec, violations);
        ServiceAddressRules.check(spec, violations);
        for (Field ip : spec.at("externalIPs").items()) {
            violations.invalid(ip, Names.ip(ip.text()));
            IpAddresses.special(ip.text()).ifPresent(wrong -> violations.invalid(ip, wrong));
        }
        violations.oneOf(spec.at("type"), TYPES);
        checkNodePorts(spec, violations);
        checkUniquePorts(spec, violations);
        ServiceTrafficRules.check(spec, isExternal(spec.value()), violations);
    }

    private static void checkAffinity(Field spec, Violations violations) {
        violations.oneOf(spec.at("sessionAffinity"), List.of("ClientIP", "None"));
        Field seconds = spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds");
        boolean fits = seconds.number() > 0 && seconds.number() <= AFFINITY_SECONDS_MAX;
        if (spec.at("sessionAffinity").text().equals("ClientIP") && !fits) {
            violations.invalid(seconds, "must be greater than 0 and less than " + AFFINITY_SECONDS_MAX);
        }
    }

    private static void checkExternalName(Field spec, Violations violations) {
        Field name = spec.at("externalName");
        if (!ServiceAddressRules.ips(spec).isEmpty()) {
            violations.forbidden(spec.at("clusterIPs"), UNUSED_ADDRESS);
        }
        for (String unused : List.of("ipFamilies", "ipFamilyPolicy")) {
            if (!spec.at(unused).isZero()) {
                violations.forbidden(spec.at(unused), UNUSED_ADDRESS);
            }
        }
        if (name.isZero()) {
            violations.required(name);
        } else {
            // A dot at its end says that it is whole.
            String host = name.text().replaceAll("\\.$", "");
            violations.invalid(name, host, Names.subdomain(host));
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
            if (port.at("appProtocol").isSet()) {
                violations.invalid(
                        port.at("appProtocol"),
                        Names.qualifiedName(port.at("appProtocol").text()));
            }
        }
    }

    private static void checkNodePorts(Field spec, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field port : spec.at("ports").items()) {
            Field nodePort = port.at("nodePort");
            if (nodePort.isZero()) {
                continue;
            }
            if (spec.at("type").text().equals("ClusterIP")) {
                violations.forbidden(nodePort, "may not be used when `type` is 'ClusterIP'");
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
        ServiceAddressRules.checkUpdate(before.at("spec"), after.at("spec"), violations);
        ServiceTrafficRules.checkUpdate(before.at("spec"), after.at("spec"), violations);
    }
}
