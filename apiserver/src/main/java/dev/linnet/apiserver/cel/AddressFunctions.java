package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.global;
import static dev.linnet.apiserver.cel.RuleFunction.member;

import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import java.util.List;

/** Kubernetes' IP and CIDR libraries. */
final class AddressFunctions {
    private static final Kind<Address> IP = Kind.opaque("net.IP", Address.class);
    private static final Kind<Network> CIDR = Kind.opaque("net.CIDR", Network.class);

    private AddressFunctions() {}

    static List<RuleFunction> all() {
        return List.of(
                RuleFunction.of(
                        "ip",
                        global("string_to_ip", IP.type(), Kind.TEXT, Address::parse),
                        member("cidr_ip", IP.type(), CIDR, Network::address)),
                RuleFunction.of("isIP", global("is_ip", SimpleType.BOOL, Kind.TEXT, Address::isValid)),
                RuleFunction.of(
                        "ip.isCanonical",
                        global(
                                "ip_is_canonical",
                                SimpleType.BOOL,
                                Kind.TEXT,
                                text -> Address.parse(text).toString().equals(text))),
                RuleFunction.of("family", member("ip_family", SimpleType.INT, IP, address -> address.isV4() ? 4L : 6L)),
                question("isUnspecified", "ip_is_unspecified", Address::isUnspecified),
                question("isLoopback", "ip_is_loopback", Address::isLoopback),
                question("isLinkLocalMulticast", "ip_is_link_local_multicast", Address::isLinkLocalMulticast),
                question("isLinkLocalUnicast", "ip_is_link_local_unicast", Address::isLinkLocalUnicast),
                question("isGlobalUnicast", "ip_is_global_unicast", Address::isGlobalUnicast),
                RuleFunction.of("cidr", global("string_to_cidr", CIDR.type(), Kind.TEXT, Network::parse)),
                RuleFunction.of("isCIDR", global("is_cidr", SimpleType.BOOL, Kind.TEXT, Network::isValid)),
                RuleFunction.of(
                        "containsIP",
                        member(
                                "cidr_contains_ip_string",
                                SimpleType.BOOL,
                                CIDR,
                                Kind.TEXT,
                                (network, text) -> network.contains(Address.parse(text))),
                        member("cidr_contains_ip_ip", SimpleType.BOOL, CIDR, IP, Network::contains)),
                RuleFunction.of(
                        "containsCIDR",
                        member(
                                "cidr_contains_cidr_string",
                                SimpleType.BOOL,
                                CIDR,
                                Kind.TEXT,
                                (network, text) -> network.contains(Network.parse(text))),
                        member("cidr_contains_cidr", SimpleType.BOOL, CIDR, CIDR, Network::contains)),
                RuleFunction.of("prefixLength", member("cidr_prefix_length", SimpleType.INT, CIDR, network ->
                        (long) network.bits())),
                RuleFunction.of("masked", member("cidr_masked", CIDR.type(), CIDR, Network::masked)),
                RuleFunction.of(
                        "string",
                        global("ip_to_string", SimpleType.STRING, IP, Address::toString),
                        global("cidr_to_string", SimpleType.STRING, CIDR, Network::toString)));
    }

    private static RuleFunction question(String name, String id, CelFunctionOverload.Unary<Address> answer) {
        return RuleFunction.of(name, member(id, SimpleType.BOOL, IP, answer));
    }
}
