package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * EndpointSlices and Endpoints: defaults and checks. Unlike a real server's, ours take loopback addresses: on one machine
 * Pods live there.
 */
final class EndpointRules {
    private static final List<String> ADDRESS_TYPES = List.of("FQDN", "IPv4", "IPv6");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_PORTS = 20000;

    private EndpointRules() {}

    static void applySliceDefaults(ObjectNode slice) {
        for (ObjectNode port : Json.objects(slice, "ports")) {
            Json.putDefault(port, "name", "");
            Json.putDefault(port, "protocol", "TCP");
        }
    }

    static void checkSlice(Field slice, Violations violations) {
        Field type = slice.at("addressType");
        if (type.isZero()) {
            violations.required(type);
        } else {
            violations.oneOf(type, ADDRESS_TYPES);
        }
        violations.atMost(slice.at("endpoints"), MAX_ENDPOINTS);
        if (slice.at("endpoints").size() <= MAX_ENDPOINTS) {
            slice.at("endpoints").items().forEach(endpoint -> checkEndpoint(endpoint, type.text(), violations));
        }
        checkSlicePorts(slice.at("ports"), violations);
    }

    private static void checkEndpoint(Field endpoint, String type, Violations violations) {
        Field addresses = endpoint.at("addresses");
        if (addresses.size() == 0) {
            violations.required(addresses, "must contain at least 1 address");
        }
        violations.atMost(addresses, MAX_ADDRESSES);
        addresses.items().forEach(address -> checkAddress(address, type, violations));
        Field node = endpoint.at("nodeName");
        if (node.isSet()) {
            violations.invalid(node, Names.subdomain(node.text()));
        }
        Field hostname = endpoint.at("hostname");
        if (hostname.isSet()) {
            violations.invalid(hostname, Names.label(hostname.text()));
        }
    }

    private static void checkAddress(Field address, String type, Violations violations) {
        String text = address.text();
        switch (type) {
            case "IPv4" -> checkIp(address, IpAddresses.isV4(text), type, violations);
            case "IPv6" -> checkIp(address, IpAddresses.isV6(text), type, violations);
            case "FQDN" -> checkDomain(address, violations);
            default -> {
                // The type itself was refused.
            }
        }
    }

    private static void checkIp(Field address, boolean valid, String type, Violations violations) {
        if (valid) {
            checkUsual(address, violations);
        } else {
            violations.invalid(address, "must be a valid " + type + " address");
        }
    }

    private static void checkUsual(Field address, Violations violations) {
        IpAddresses.specialButLoopback(address.text()).ifPresent(wrong -> violations.invalid(address, wrong));
    }

    private static void checkDomain(Field address, Violations violations) {
        String name = address.text().replaceAll("\\.$", "");
        if (name.isEmpty()) {
            violations.required(address);
            return;
        }
        violations.invalid(address, name, Names.subdomain(name));
        if (!name.contains(".")) {
            violations.invalid(address, name, "should be a domain with at least two segments separated by dots");
        }
    }

    private static void checkSlicePorts(Field ports, Violations violations) {
        violations.atMost(ports, MAX_PORTS);
        Set<Object> names = new HashSet<>();
        for (Field port : ports.items()) {
            Field name = port.at("name");
            if (!name.isZero()) {
                violations.invalid(name, Names.label(name.text()));
            }
            violations.unique(name, name.text(), names);
            violations.oneOf(port.at("protocol"), PROTOCOLS);
            checkAppProtocol(port, violations);
        }
    }

    static void checkSliceUpdate(Field before, Field after, Violations violations) {
        violations.immutable(before.at("addressType"), after.at("addressType"));
    }

    static void applyEndpointsDefaults(ObjectNode endpoints) {
        for (ObjectNode subset : Json.objects(endpoints, "subsets")) {
            Json.objects(subset, "ports").forEach(port -> Json.putDefault(port, "protocol", "TCP"));
        }
    }

    static void checkEndpoints(Field endpoints, Violations violations) {
        for (Field subset : endpoints.at("subsets").items()) {
            if (subset.at("addresses").isZero()
                    && subset.at("notReadyAddresses").isZero()) {
                violations.required(subset, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                subset.at(list).items().forEach(address -> checkSubsetAddress(address, violations));
            }
            boolean named = subset.at("ports").size() > 1;
            for (Field port : subset.at("ports").items()) {
                if (named && port.at("name").isZero()) {
                    violations.required(port.at("name"));
                } else if (!port.at("name").isZero()) {
                    violations.invalid(
                            port.at("name"), Names.label(port.at("name").text()));
                }
                long number = port.at("port").number();
                violations.invalid(port.at("port"), number, Names.portNumber(number));
                violations.oneOf(port.at("protocol"), PROTOCOLS);
                checkAppProtocol(port, violations);
            }
        }
    }

    private static void checkSubsetAddress(Field address, Violations violations) {
        Field ip = address.at("ip");
        violations.invalid(ip, Names.ip(ip.text()));
        if (!address.at("hostname").isZero()) {
            violations.invalid(
                    address.at("hostname"), Names.label(address.at("hostname").text()));
        }
        if (address.at("nodeName").isSet()) {
            violations.invalid(
                    address.at("nodeName"),
                    Names.subdomain(address.at("nodeName").text()));
        }
        checkUsual(ip, violations);
    }

    private static void checkAppProtocol(Field port, Violations violations) {
        Field protocol = port.at("appProtocol");
        if (protocol.isSet()) {
            violations.invalid(protocol, Names.qualifiedName(protocol.text()));
        }
    }
}
