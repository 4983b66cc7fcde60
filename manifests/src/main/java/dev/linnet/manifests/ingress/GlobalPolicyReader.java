package dev.linnet.manifests.ingress;

import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.GlobalPolicy.AccessLog;
import dev.linnet.routing.policy.GlobalPolicy.AnswerHeaders;
import dev.linnet.routing.policy.GlobalPolicy.Clients;
import dev.linnet.routing.policy.GlobalPolicy.Hsts;
import dev.linnet.routing.policy.GlobalPolicy.Http2;
import dev.linnet.routing.policy.GlobalPolicy.Upstreams;
import dev.linnet.routing.policy.HeaderLine;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what holds for the whole gateway. */
final class GlobalPolicyReader {
    /** Each may make the gateway keep so much of a body: more would be a burden that any client can lay on it. */
    private static final int MOST_STREAMS = 1000;

    private final OptionText text;

    GlobalPolicyReader(OptionText text) {
        this.text = text;
    }

    GlobalPolicy read(List<HeaderLine> added, List<HeaderLine> forwarded) {
        return new GlobalPolicy(
                clients(),
                upstreams(),
                callers(forwarded),
                BlockedReader.read(text),
                new AnswerHeaders(added, hidden()),
                hsts(Hsts.DEFAULT),
                new TlsOptionsReader(text).read(),
                accessLog(),
                new TracingOptionsReader(text).read());
    }

    private Clients clients() {
        Http2 usual = Http2.DEFAULT;
        return new Clients(
                text.time("keep-alive"),
                text.number("keep-alive-requests", 0, Integer.MAX_VALUE),
                text.time("client-header-timeout"),
                text.time("client-body-timeout"),
                new Http2(
                        text.flag("use-http2", usual.on()),
                        text.number("http2-max-concurrent-streams", 1, MOST_STREAMS, usual.streams())));
    }

    private Upstreams upstreams() {
        return new Upstreams(
                text.number("upstream-keepalive-connections", 0, Integer.MAX_VALUE),
                text.time("upstream-keepalive-timeout"),
                text.time("upstream-keepalive-time"),
                text.number("upstream-keepalive-requests", 1, Integer.MAX_VALUE));
    }

    private CallerOptions callers(List<HeaderLine> lines) {
        CallerOptions usual = CallerOptions.DEFAULT;
        HeaderOptions headers = usual.headers();
        boolean forwardedHeaders = text.flag("use-forwarded-headers", usual.forwardedHeaders());
        boolean realIp = text.flag("enable-real-ip", usual.realIp());
        boolean proxyProtocol = text.flag("use-proxy-protocol", usual.proxyProtocol());
        return new CallerOptions(
                forwardedHeaders,
                realIp,
                trusted(usual.trusted(), forwardedHeaders || realIp || proxyProtocol),
                text.text("forwarded-for-header", usual.forwardedFor()).toLowerCase(Locale.ROOT),
                text.flag("compute-full-forwarded-for", usual.fullChain()),
                proxyProtocol,
                text.time("proxy-protocol-header-timeout", usual.proxyHeader()),
                new HeaderOptions(
                        text.flag("proxy-add-original-uri-header", headers.originalUri()),
                        text.flag("generate-request-id", headers.requestId()),
                        text.flag("enable-underscores-in-headers", headers.underscores()),
                        !text.flag("ignore-invalid-headers", !headers.invalidNames()),
                        lines.stream()
                                .map(line -> new CallerOptions.Line(line.name(), line.value()))
                                .toList()));
    }

    private AddressRanges trusted(AddressRanges usual, boolean believes) {
        Optional<String> written = text.text("proxy-real-ip-cidr");
        Optional<AddressRanges> ranges = written.flatMap(AddressRanges::parse);
        if (written.isPresent() && ranges.isEmpty()) {
            text.bad("proxy-real-ip-cidr", written.get(), "addresses or ranges, separated by commas");
        }
        if (written.isEmpty() && believes) {
            text.problem(
                    "proxy-real-ip-cidr",
                    Reason.BAD_OPTION,
                    "is missing (expected: the addresses of your load balancers): only those in private networks are believed");
        }
        return ranges.orElse(usual);
    }

    private Set<String> hidden() {
        Set<String> names = new HashSet<>();
        text.list("hide-headers", List.of()).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    private Hsts hsts(Hsts usual) {
        return new Hsts(
                text.flag("hsts", usual.on()),
                text.number("hsts-max-age", 0, Integer.MAX_VALUE, (int) usual.maxAge()),
                text.flag("hsts-include-subdomains", usual.subdomains()),
                text.flag("hsts-preload", usual.preload()));
    }

    private AccessLog accessLog() {
        boolean allOff = text.flag("disable-access-log", false);
        boolean httpOff = text.flag("disable-http-access-log", false);
        return new AccessLog(
                !allOff && !httpOff,
                text.flag("enable-access-log-for-default-backend", false),
                text.text("log-format-upstream", ""),
                text.flag("log-format-escape-json", false),
                text.list("skip-access-log-urls", List.of()));
    }
}
