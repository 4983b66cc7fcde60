package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for the whole gateway while it runs, whichever route a request meets (spec of ingress-nginx, Appendix C). Swapped whole
 * when its source changes; to be read once per request or connection.
 */
public record GlobalPolicy(
        Clients clients,
        Upstreams upstreams,
        CallerOptions callers,
        Blocked blocked,
        AnswerHeaders headers,
        Hsts hsts,
        TlsOptions tls,
        AccessLog accessLog,
        TracingOptions tracing) {

    public static final GlobalPolicy DEFAULT = new GlobalPolicy(
            Clients.DEFAULT,
            Upstreams.DEFAULT,
            CallerOptions.DEFAULT,
            Blocked.NOBODY,
            AnswerHeaders.NONE,
            Hsts.DEFAULT,
            TlsOptions.DEFAULT,
            AccessLog.DEFAULT,
            TracingOptions.OFF);

    public GlobalPolicy withHeaders(AnswerHeaders other) {
        return new GlobalPolicy(clients, upstreams, callers, blocked, other, hsts, tls, accessLog, tracing);
    }

    public GlobalPolicy withClients(Clients other) {
        return new GlobalPolicy(other, upstreams, callers, blocked, headers, hsts, tls, accessLog, tracing);
    }

    public GlobalPolicy withUpstreams(Upstreams other) {
        return new GlobalPolicy(clients, other, callers, blocked, headers, hsts, tls, accessLog, tracing);
    }

    public GlobalPolicy withCallers(CallerOptions other) {
        return new GlobalPolicy(clients, upstreams, other, blocked, headers, hsts, tls, accessLog, tracing);
    }

    public GlobalPolicy withBlocked(Blocked other) {
        return new GlobalPolicy(clients, upstreams, callers, other, headers, hsts, tls, accessLog, tracing);
    }

    public GlobalPolicy withAccessLog(AccessLog other) {
        return new GlobalPolicy(clients, upstreams, callers, blocked, headers, hsts, tls, other, tracing);
    }

    public GlobalPolicy withHsts(Hsts other) {
        return new GlobalPolicy(clients, upstreams, callers, blocked, headers, other, tls, accessLog, tracing);
    }

    public GlobalPolicy withTls(TlsOptions other) {
        return new GlobalPolicy(clients, upstreams, callers, blocked, headers, hsts, other, accessLog, tracing);
    }

    /**
     * Connections of clients ({@code keep-alive}, {@code keep-alive-requests}, {@code client-header-timeout}, {@code
     * client-body-timeout}). What nobody said is empty: the gateway's own settings hold.
     *
     * @param idle     between two requests; zero keeps no connection
     * @param requests on one connection
     * @param head     for a whole request head
     * @param body     longest pause between two reads of a body
     * @param http2    whether and how they may speak HTTP/2
     */
    public record Clients(
            Optional<Duration> idle,
            Optional<Integer> requests,
            Optional<Duration> head,
            Optional<Duration> body,
            Http2 http2) {
        public static final Clients DEFAULT =
                new Clients(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Http2.DEFAULT);

        public Clients withHttp2(Http2 other) {
            return new Clients(idle, requests, head, body, other);
        }
    }

    /**
     * HTTP/2 from clients.
     *
     * @param on      {@code use-http2}
     * @param streams {@code http2-max-concurrent-streams}: requests that may be under way on one connection
     */
    public record Http2(boolean on, int streams) {
        public static final Http2 DEFAULT = new Http2(true, 128);
    }

    /**
     * Connections to endpoints that are kept ({@code upstream-keepalive-connections} and its like). What nobody said is empty: the
     * gateway's own settings hold.
     *
     * @param idle      how many may wait, for each event loop; 0 keeps none
     * @param timeout   how long one waits
     * @param lifetime  how old one gets
     * @param exchanges how many requests one serves
     */
    public record Upstreams(
            Optional<Integer> idle,
            Optional<Duration> timeout,
            Optional<Duration> lifetime,
            Optional<Integer> exchanges) {
        public static final Upstreams DEFAULT =
                new Upstreams(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public boolean isUnsaid() {
            return idle.isEmpty() && timeout.isEmpty() && lifetime.isEmpty() && exchanges.isEmpty();
        }
    }

    /**
     * Headers of every answer.
     *
     * @param added  {@code add-headers}
     * @param hidden {@code hide-headers}: those of backends are not passed on; lower case
     */
    public record AnswerHeaders(List<HeaderLine> added, Set<String> hidden) {
        public static final AnswerHeaders NONE = new AnswerHeaders(List.of(), Set.of());

        public AnswerHeaders {
            added = List.copyOf(added);
            hidden = Set.copyOf(hidden);
        }
    }

    /** {@code Strict-Transport-Security} of every answer over TLS (spec, §3.8). */
    public record Hsts(boolean on, long maxAge, boolean subdomains, boolean preload) {
        public static final Hsts DEFAULT = new Hsts(true, 31_536_000, true, false);

        /** The header's value. */
        public String value() {
            return "max-age=" + maxAge + (subdomains ? "; includeSubDomains" : "") + (preload ? "; preload" : "");
        }
    }

    /**
     * The access log (spec, §3.12).
     *
     * @param on               unless {@code disable-access-log} or {@code disable-http-access-log}
     * @param ofDefaultBackend {@code enable-access-log-for-default-backend}
     * @param format           {@code log-format-upstream} in nginx's language; empty for the usual one
     * @param escapeJson       {@code log-format-escape-json}
     * @param skipped          {@code skip-access-log-urls}
     */
    public record AccessLog(
            boolean on, boolean ofDefaultBackend, String format, boolean escapeJson, List<String> skipped) {
        public static final AccessLog DEFAULT = new AccessLog(true, false, "", false, List.of());

        public AccessLog {
            skipped = List.copyOf(skipped);
        }
    }
}
