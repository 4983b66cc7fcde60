package dev.linnet.apiserver.kinds;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a Pod's names and ports on its node and in its network must satisfy. */
final class PodNetworkRules {
    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final int NAME_SERVERS_MAX = 3;
    private static final int SEARCHES_MAX = 32;
    private static final int SEARCH_CHARACTERS_MAX = 2048;

    private PodNetworkRules() {}

    /** Containers that run at once cannot share a port of their node. */
    static void checkHostPorts(List<Field> containers, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field container : containers) {
            for (Field port : container.at("ports").items()) {
                Field hostPort = port.at("hostPort");
                if (!hostPort.isZero()) {
                    String place =
                            port.at("protocol").text() + "/" + port.at("hostIP").text() + "/" + hostPort.number();
                    violations.unique(hostPort, place, seen);
                }
            }
        }
    }

    static void checkHostNetwork(Field spec, Violations violations) {
        if (!spec.at("hostNetwork").isTrue()) {
            return;
        }
        for (Field container : spec.at("containers").items()) {
            for (Field port : container.at("ports").items()) {
                Field hostPort = port.at("hostPort");
                if (!hostPort.isZero()
                        && hostPort.number() != port.at("containerPort").number()) {
                    violations.invalid(hostPort, "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    static void checkDnsPolicy(Field spec, Violations violations) {
        violations.oneOf(spec.at("dnsPolicy"), DNS_POLICIES);
    }

    static void checkDns(Field spec, Violations violations) {
        Field config = spec.at("dnsConfig");
        Field servers = config.at("nameservers");
        if (spec.at("dnsPolicy").text().equals("None")) {
            if (!config.isSet()) {
                violations.required(config, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.isZero()) {
                violations.required(servers, "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (servers.size() > NAME_SERVERS_MAX) {
            violations.invalid(servers, "must not have more than " + NAME_SERVERS_MAX + " nameservers");
        }
        servers.items().forEach(server -> violations.invalid(server, Names.ip(server.text())));
        checkSearches(config.at("searches"), violations);
        for (Field option : config.at("options").items()) {
            if (option.at("name").isZero()) {
                violations.required(option, "must not be empty");
            }
        }
    }

    private static void checkSearches(Field searches, Violations violations) {
        if (searches.size() > SEARCHES_MAX) {
            violations.invalid(searches, "must not have more than " + SEARCHES_MAX + " search paths");
        }
        if (String.join(" ", Json.texts(searches.value())).length() > SEARCH_CHARACTERS_MAX) {
            violations.invalid(
                    searches,
                    "must not have more than " + SEARCH_CHARACTERS_MAX
                            + " characters (including spaces) in the search list");
        }
        for (Field search : searches.items()) {
            if (!search.text().equals(".")) {
                String name = search.text().replaceAll("\\.$", "");
                violations.invalid(search, name, Names.subdomainWithUnderscores(name));
            }
        }
    }

    static void checkHostAliases(Field aliases, Violations violations) {
        for (Field alias : aliases.items()) {
            violations.invalid(alias.at("ip"), Names.ip(alias.at("ip").text()));
            for (Field name : alias.at("hostnames").items()) {
                violations.invalid(name, Names.subdomain(name.text()));
            }
        }
    }
}
