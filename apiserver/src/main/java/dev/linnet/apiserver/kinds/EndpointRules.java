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
        for (Field endpoint : slice.at("endpoints").items()) {
            Field addresses = endpoint.at("addresses");
            if (addresses.size() == 0) {
                violations.required(addresses, "must contain at least 1 address");
            }
            violations.atMost(addresses, MAX_ADDRESSES);
            addresses.items().forEach(address -> checkAddress(address, type.text(), violations));
            Field hostname = endpoint.at("hostname");
            if (hostname.isSet()) {
                violations.invalid(hostname, Names.label(hostname.text()));
            }
        }
        checkSlicePorts(slice.at("ports"), violations);
    }

    private static void checkAddress(Field address, String type, Violations violations) {
        String text = address.text();
        switch (type) {
            case "IPv4" -> {
                if (!IpAddresses.isV4(text)) {
                    violations.invalid(address, "must be a valid IPv4 address");
                }
            }
            case "IPv6" -> {
                if (!IpAddresses.isV6(text)) {
                    violations.invalid(address, "must be a valid IPv6 address");
                }
            }
            default -> violations.invalid(address, Names.subdomain(text));
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
            if (port.at("port").isSet()) {
                violations.invalid(
                        port.at("port"), Names.portNumber(port.at("port").number()));
            }
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
                for (Field address : subset.at(list).items()) {
                    violations.invalid(
                            address.at("ip"), Names.ip(address.at("ip").text()));
                }
            }
            boolean named = subset.at("ports").size() > 1;
            for (Field port : subset.at("ports").items()) {
                if (named && port.at("name").isZero()) {
                    violations.required(port.at("name"));
                }
                violations.invalid(
                        port.at("port"), Names.portNumber(port.at("port").number()));
                violations.oneOf(port.at("protocol"), PROTOCOLS);
            }
        }
    }
}
