package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.List;

/**
 * Whose word is taken for who a client is, and what backends are told of it (ingress-nginx's ConfigMap; spec §3.7).
 *
 * @param forwardedHeaders  {@code use-forwarded-headers}: scheme, port and host, too, are what a trusted proxy says
 * @param realIp            {@code enable-real-ip}: only the address is
 * @param trusted           {@code proxy-real-ip-cidr}: whose word is taken
 * @param forwardedFor      {@code forwarded-for-header}, in lower case: where a trusted proxy tells the address
 * @param fullChain         {@code compute-full-forwarded-for}: backends see all addresses that a trusted proxy told
 * @param proxyProtocol     {@code use-proxy-protocol}: each connection begins with a PROXY header
 * @param proxyHeader       {@code proxy-protocol-header-timeout}
 * @param headers           what else is done with headers
 */
public record CallerOptions(
        boolean forwardedHeaders,
        boolean realIp,
        AddressRanges trusted,
        String forwardedFor,
        boolean fullChain,
        boolean proxyProtocol,
        Duration proxyHeader,
        HeaderOptions headers) {

    public static final String FORWARDED_FOR = "x-forwarded-for";

    /**
     * Loopback and private networks, where load balancers stand that are one's own. ingress-nginx trusts everybody, so that any
     * client can say who it is (spec §7.2, rule 10).
     */
    public static final AddressRanges PRIVATE = AddressRanges.parse(
                    "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,::1,fc00::/7,fe80::/10")
            .orElseThrow();

    /** Nobody is believed. */
    public static final CallerOptions DEFAULT = new CallerOptions(
            false, false, PRIVATE, FORWARDED_FOR, false, false, Duration.ofSeconds(5), HeaderOptions.DEFAULT);

    /** Whether headers may tell who asks. */
    public boolean believesHeaders() {
        return forwardedHeaders || realIp;
    }

    /**
     * What is done with the headers of every request.
     *
     * @param originalUri  {@code proxy-add-original-uri-header}
     * @param requestId    {@code generate-request-id}
     * @param underscores  {@code enable-underscores-in-headers}
     * @param invalidNames the opposite of {@code ignore-invalid-headers}: names of other characters that HTTP allows pass
     * @param set          the content of {@code proxy-set-headers}: lines instead of any of the same name
     */
    public record HeaderOptions(
            boolean originalUri, boolean requestId, boolean underscores, boolean invalidNames, List<Line> set) {
        public static final HeaderOptions DEFAULT = new HeaderOptions(false, true, false, false, List.of());

        public HeaderOptions {
            set = List.copyOf(set);
        }
    }

    /** One header line, checked: a token, and a value without control characters. */
    public record Line(String name, String value) {}
}
