package dev.linnet.manifests.ingress;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What people most often write into snippets, and how the same is said without one. Nothing of a snippet is ever executed: it is
 * only looked at for words that tell what its author wants.
 */
final class SnippetAdvice {
    private static final Map<Pattern, String> INSTEAD = instead();

    private SnippetAdvice() {}

    /** The judgement with what helps. */
    static Judgement with(Judgement judgement, String snippet) {
        List<String> advice = new ArrayList<>();
        INSTEAD.forEach((directive, better) -> {
            if (directive.matcher(snippet).find()) {
                advice.add(better);
            }
        });
        return advice.isEmpty()
                ? judgement
                : new Judgement(
                        judgement.standing(), judgement.words() + " (expected: " + String.join("; ", advice) + ")");
    }

    private static Map<Pattern, String> instead() {
        Map<Pattern, String> table = new LinkedHashMap<>();
        put(table, "more_set_headers|add_header", "custom-headers for headers of answers");
        put(table, "more_clear_headers|proxy_hide_header", "the ConfigMap's hide-headers for headers to leave out");
        put(table, "proxy_set_header|more_set_input_headers", "the ConfigMap's proxy-set-headers for requests");
        put(table, "return 30[18]|rewrite [^;]* permanent", "permanent-redirect");
        put(table, "return 30[27]|rewrite [^;]* redirect", "temporal-redirect");
        put(table, "rewrite [^ ;]+ [^ ;]+( break| last)?;", "rewrite-target with use-regex");
        put(table, "return 403|return 444", "an Ingress for that path with denylist-source-range: 0.0.0.0/0,::/0");
        put(table, "deny [^;]*", "denylist-source-range, or whitelist-source-range for all but a few");
        put(table, "auth_request|auth_basic", "auth-url, or auth-type and auth-secret");
        put(table, "limit_req|limit_conn", "limit-rps, limit-rpm or limit-connections");
        put(table, "client_max_body_size", "proxy-body-size");
        put(
                table,
                "proxy_(read|send|connect)_timeout",
                "proxy-read-timeout, proxy-send-timeout, proxy-connect-timeout");
        put(table, "proxy_buffer(ing|s|_size)", "proxy-buffering and proxy-buffer-size");
        put(table, "proxy_request_buffering", "proxy-request-buffering");
        put(table, "proxy_cookie_(path|domain|flags)", "proxy-cookie-path and proxy-cookie-domain");
        put(table, "proxy_ssl_[a-z_]*", "the proxy-ssl- annotations");
        put(table, "gzip|brotli", "the ConfigMap's use-gzip and enable-brotli");
        put(table, "error_page|proxy_intercept_errors", "custom-http-errors and default-backend");
        put(table, "access_log", "enable-access-log");
        return table;
    }

    /** A directive begins a line, or follows a brace or another one. */
    private static void put(Map<Pattern, String> table, String directive, String better) {
        table.put(
                Pattern.compile(
                        "(?m)(^|[;{])\\s*(" + directive.replace("[^ ", "[^\\s").replace(" ", "\\s+") + ")(\\W|$)"),
                better);
    }
}
