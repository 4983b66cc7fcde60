package dev.linnet.manifests.ingress;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** ingress-nginx's annotations that Linnet does not act upon (spec of ingress-nginx, §4), and what follows from that. */
final class AnnotationCatalogue {
    /** What ingress-nginx reads from a canary itself and not from its primary (spec, §2.8). */
    static final Set<String> OWN_OF_CANARY = Set.of(
            "affinity-canary-behavior",
            "load-balance",
            "upstream-hash-by",
            "upstream-hash-by-subset",
            "upstream-hash-by-subset-size",
            "service-upstream");

    /** Values that ask for nothing but what is done in any case: no news for their author. */
    private static final Map<String, Set<String>> WHAT_HAPPENS_ANYWAY = Map.ofEntries(
            Map.entry("ssl-redirect", Set.of("false")),
            Map.entry("force-ssl-redirect", Set.of("false")),
            Map.entry("ssl-passthrough", Set.of("false")),
            Map.entry("use-regex", Set.of("false")),
            Map.entry("backend-protocol", Set.of("HTTP")),
            Map.entry("proxy-http-version", Set.of("1.1")),
            Map.entry("proxy-body-size", Set.of("0")),
            Map.entry("proxy-buffering", Set.of("off")),
            Map.entry("proxy-request-buffering", Set.of("off")),
            Map.entry("proxy-next-upstream", Set.of("error timeout")),
            Map.entry("service-upstream", Set.of("false")),
            Map.entry("load-balance", Set.of("round_robin")),
            Map.entry("enable-cors", Set.of("false")),
            Map.entry("enable-modsecurity", Set.of("false")),
            Map.entry("enable-opentelemetry", Set.of("false")));

    private static final Map<String, String> EFFECTS = effects();

    private AnnotationCatalogue() {}

    /** What does not happen because Linnet does not obey it; empty for a name that ingress-nginx never knew. */
    static Optional<String> effect(String name) {
        return Optional.ofNullable(EFFECTS.get(name));
    }

    static boolean isWhatHappensAnyway(String name, String value) {
        return WHAT_HAPPENS_ANYWAY.getOrDefault(name, Set.of()).contains(value);
    }

    /** Names that a hasty hand may have meant. */
    static List<String> similar(String name, Collection<String> obeyed) {
        return Stream.concat(obeyed.stream(), EFFECTS.keySet().stream())
                .filter(known -> distance(known, name) <= 2)
                .sorted()
                .toList();
    }

    /** Fewest letters to insert, delete or replace (Levenshtein). */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }

    private static Map<String, String> effects() {
        Map<String, String> effects = new TreeMap<>();
        put(
                effects,
                "no client is pinned to a Pod",
                "affinity",
                "affinity-mode",
                "affinity-canary-behavior",
                "session-cookie-name",
                "session-cookie-path",
                "session-cookie-max-age",
                "session-cookie-expires",
                "session-cookie-secure",
                "session-cookie-samesite",
                "session-cookie-conditional-samesite-none",
                "session-cookie-domain",
                "session-cookie-change-on-failure");
        put(
                effects,
                "endpoints take turns",
                "load-balance",
                "upstream-hash-by",
                "upstream-hash-by-subset",
                "upstream-hash-by-subset-size");
        put(effects, "requests go to the Pods, not to the Service's address", "service-upstream");
        put(
                effects,
                "paths are no patterns and reach the service as they are",
                "rewrite-target",
                "use-regex",
                "x-forwarded-prefix");
        put(
                effects,
                "nobody is redirected",
                "ssl-redirect",
                "force-ssl-redirect",
                "app-root",
                "permanent-redirect",
                "permanent-redirect-code",
                "temporal-redirect",
                "temporal-redirect-code",
                "from-to-www-redirect",
                "preserve-trailing-slash",
                "relative-redirects",
                "use-port-in-redirects");
        put(effects, "the service gets the Host header of the client", "upstream-vhost");
        put(effects, "the other names are not served", "server-alias");
        put(effects, "TLS is not handed through", "ssl-passthrough");
        put(effects, "TLS is not shaped by it", "ssl-ciphers", "ssl-prefer-server-ciphers");
        put(effects, "requests of any size pass", "proxy-body-size");
        put(
                effects,
                "tries end at errors and time-outs, as they do without it",
                "proxy-next-upstream",
                "proxy-next-upstream-timeout");
        put(
                effects,
                "nothing is buffered",
                "proxy-buffering",
                "proxy-buffer-size",
                "proxy-buffers-number",
                "proxy-busy-buffers-size",
                "proxy-max-temp-file-size",
                "proxy-request-buffering",
                "client-body-buffer-size");
        put(
                effects,
                "services are spoken to in plain HTTP/1.1",
                "backend-protocol",
                "proxy-http-version",
                "connection-proxy-header",
                "fastcgi-index",
                "fastcgi-params-configmap",
                "proxy-ssl-secret",
                "proxy-ssl-verify",
                "proxy-ssl-verify-depth",
                "proxy-ssl-name",
                "proxy-ssl-server-name",
                "proxy-ssl-ciphers",
                "proxy-ssl-protocols",
                "http2-push-preload");
        put(
                effects,
                "headers of answers stay as they are",
                "proxy-cookie-domain",
                "proxy-cookie-path",
                "proxy-redirect-from",
                "proxy-redirect-to",
                "custom-headers");
        put(effects, "no request is copied", "mirror-target", "mirror-host", "mirror-request-body");
        put(
                effects,
                "text in nginx's language does nothing here",
                "configuration-snippet",
                "server-snippet",
                "stream-snippet",
                "auth-snippet",
                "modsecurity-snippet");
        put(
                effects,
                "requests from any address pass",
                "whitelist-source-range",
                "allowlist-source-range",
                "denylist-source-range");
        put(
                effects,
                "anybody may pass without a password, certificate or leave",
                "auth-type",
                "auth-secret",
                "auth-secret-type",
                "auth-realm",
                "auth-url",
                "auth-signin",
                "auth-signin-redirect-param",
                "auth-response-headers",
                "auth-method",
                "auth-proxy-set-headers",
                "auth-request-redirect",
                "auth-cache-key",
                "auth-cache-duration",
                "auth-keepalive",
                "auth-keepalive-share-vars",
                "auth-keepalive-requests",
                "auth-keepalive-timeout",
                "auth-always-set-cookie",
                "enable-global-auth",
                "satisfy",
                "auth-tls-secret",
                "auth-tls-verify-client",
                "auth-tls-verify-depth",
                "auth-tls-error-page",
                "auth-tls-pass-certificate-to-upstream",
                "auth-tls-match-cn");
        put(
                effects,
                "no CORS headers are added and no preflight is answered",
                "enable-cors",
                "cors-allow-origin",
                "cors-allow-methods",
                "cors-allow-headers",
                "cors-allow-credentials",
                "cors-expose-headers",
                "cors-max-age");
        put(
                effects,
                "nobody is slowed down or turned away",
                "limit-rps",
                "limit-rpm",
                "limit-burst-multiplier",
                "limit-connections",
                "limit-allowlist",
                "limit-whitelist",
                "limit-rate",
                "limit-rate-after");
        put(
                effects,
                "no request is inspected",
                "enable-modsecurity",
                "enable-owasp-core-rules",
                "modsecurity-transaction-id");
        put(
                effects,
                "errors are answered as they come",
                "custom-http-errors",
                "default-backend",
                "disable-proxy-intercept-errors");
        put(effects, "logs stay as they are", "enable-access-log", "enable-rewrite-log");
        put(
                effects,
                "no trace is written",
                "enable-opentelemetry",
                "opentelemetry-trust-incoming-span",
                "opentelemetry-operation-name");
        put(
                effects,
                "no release of ingress-nginx still does this",
                "influxdb-measurement",
                "influxdb-port",
                "influxdb-host",
                "influxdb-server-name",
                "enable-influxdb",
                "secure-backends",
                "secure-verify-ca-secret",
                "session-cookie-hash",
                "proxy-pass-params",
                "enable-opentracing",
                "opentracing-trust-incoming-span",
                "opentracing-operation-name",
                "global-rate-limit",
                "global-rate-limit-window",
                "global-rate-limit-key",
                "global-rate-limit-ignored-cidrs",
                "grpc-backend",
                "add-base-url",
                "base-url-scheme",
                "upstream-max-fails",
                "upstream-fail-timeout",
                "enable-dynamic-tls-records");
        return effects;
    }

    private static void put(Map<String, String> effects, String effect, String... names) {
        for (String name : names) {
            effects.put(name, effect);
        }
    }
}
