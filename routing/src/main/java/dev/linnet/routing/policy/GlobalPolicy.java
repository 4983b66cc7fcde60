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
        Clients clients, CallerOptions callers, AnswerHeaders headers, Hsts hsts, AccessLog accessLog) {

    public static final GlobalPolicy DEFAULT = new GlobalPolicy(
            Clients.DEFAULT, CallerOptions.DEFAULT, AnswerHeaders.NONE, Hsts.DEFAULT, AccessLog.DEFAULT);

    public GlobalPolicy withHeaders(AnswerHeaders other) {
        return new GlobalPolicy(clients, callers, other, hsts, accessLog);
    }

    public GlobalPolicy withClients(Clients other) {
        return new GlobalPolicy(other, callers, headers, hsts, accessLog);
    }

    public GlobalPolicy withCallers(CallerOptions other) {
        return new GlobalPolicy(clients, other, headers, hsts, accessLog);
    }

    public GlobalPolicy withAccessLog(AccessLog other) {
        return new GlobalPolicy(clients, callers, headers, hsts, other);
    }

    public GlobalPolicy withHsts(Hsts other) {
        return new GlobalPolicy(clients, callers, headers, other, accessLog);
    }

    /**
     * Connections of clients ({@code keep-alive}, {@code keep-alive-requests}, {@code client-header-timeout}, {@code
     * client-body-timeout}). What nobody said is empty: the gateway's own settings hold.
     *
     * @param idle     between two requests; zero keeps no connection
     * @param requests on one connection
     * @param head     for a whole request head
     * @param body     longest pause between two reads of a body
     */
    public record Clients(
            Optional<Duration> idle, Optional<Integer> requests, Optional<Duration> head, Optional<Duration> body) {
        public static final Clients DEFAULT =
                new Clients(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
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
