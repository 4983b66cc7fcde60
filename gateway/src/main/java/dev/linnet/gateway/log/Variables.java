package dev.linnet.gateway.log;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.log.LogEntry.Attempt;
import dev.linnet.gateway.log.LogFormat.Part;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** nginx's variables, and ingress-nginx's own, as far as they mean something here. */
final class Variables {
    private static final Map<String, Part> ALL = new HashMap<>();

    static {
        client();
        request();
        response();
        route();
        upstream();
        time();
    }

    private Variables() {}

    static Optional<Part> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static void client() {
        Part address = (entry, line) -> withCaller(entry, line, Caller::text);
        ALL.put("remote_addr", address);
        ALL.put("the_real_ip", address);
        ALL.put("realip_remote_addr", address);
        ALL.put("proxy_protocol_addr", (entry, line) -> withCaller(entry, line, Caller::addressOfProxyHeader));
        ALL.put("scheme", (entry, line) -> withCaller(entry, line, Caller::scheme));
        ALL.put("pass_access_scheme", ALL.get("scheme"));
        ALL.put("server_port", (entry, line) -> {
            if (entry.caller == null) {
                line.nothing();
            } else {
                line.number(entry.caller.port());
            }
        });
        ALL.put("remote_user", (entry, line) -> {
            if (entry.user == null) {
                line.nothing();
            } else {
                byte[] user = entry.user.getBytes(StandardCharsets.ISO_8859_1);
                line.value(user, 0, user.length);
            }
        });
    }

    private static void request() {
        ALL.put("request", (entry, line) -> line.value(entry.text(), 0, entry.lineEnd));
        ALL.put("request_method", (entry, line) -> ofLine(entry, line, 0, entry.methodEnd));
        ALL.put("request_uri", (entry, line) -> ofLine(entry, line, entry.targetStart, entry.targetEnd));
        ALL.put("uri", (entry, line) -> ofLine(entry, line, entry.targetStart, entry.queryStart));
        Part query =
                (entry, line) -> ofLine(entry, line, Math.min(entry.queryStart + 1, entry.targetEnd), entry.targetEnd);
        ALL.put("args", query);
        ALL.put("query_string", query);
        ALL.put("is_args", (entry, line) -> {
            if (entry.queryStart < entry.targetEnd) {
                line.put('?');
            }
        });
        ALL.put(
                "server_protocol",
                (entry, line) -> ofLine(entry, line, Math.min(entry.targetEnd + 1, entry.lineEnd), entry.lineEnd));
        ALL.put("request_length", (entry, line) -> line.number(entry.requestLength));
        Part id = (entry, line) -> {
            if (entry.idEnd > entry.idStart()) {
                line.brief(entry.text(), entry.idStart(), entry.idEnd);
            } else {
                line.hex(entry.log().random(), entry.log().random());
            }
        };
        ALL.put("opentelemetry_trace_id", (entry, line) -> textOf(entry.traceId, line));
        ALL.put("opentelemetry_span_id", (entry, line) -> textOf(entry.spanId, line));
        ALL.put("req_id", id);
        ALL.put("request_id", id);
    }

    private static void response() {
        ALL.put("status", (entry, line) -> line.number(entry.status));
        ALL.put("body_bytes_sent", (entry, line) -> line.number(entry.bodySent));
        ALL.put("bytes_sent", (entry, line) -> line.number(entry.bytesSent));
        ALL.put("request_time", (entry, line) -> line.seconds(TimeUnit.NANOSECONDS.toMillis(entry.nanos)));
    }

    private static void route() {
        ALL.put("namespace", (entry, line) -> line.text(entry.names.namespace()));
        ALL.put("ingress_name", (entry, line) -> line.text(entry.names.ingress()));
        ALL.put("service_name", (entry, line) -> line.text(entry.names.service()));
        ALL.put("service_port", (entry, line) -> line.text(entry.names.port()));
        ALL.put("server_name", (entry, line) -> line.text(entry.names.server()));
        ALL.put("location_path", (entry, line) -> {
            byte[] path = entry.names.path().getBytes(StandardCharsets.UTF_8);
            line.value(path, 0, path.length);
        });
        ALL.put("proxy_upstream_name", (entry, line) -> line.text(entry.names.upstream()));
        ALL.put("proxy_alternative_upstream_name", (entry, line) -> line.text(entry.names.alternative()));
    }

    private static void upstream() {
        ALL.put("upstream_addr", (entry, line) -> each(entry, line, (attempt, to) -> to.put(attempt.address)));
        ALL.put(
                "upstream_response_length",
                (entry, line) -> each(entry, line, (attempt, to) -> to.number(attempt.length)));
        ALL.put(
                "upstream_response_time",
                (entry, line) -> each(entry, line, (attempt, to) -> took(attempt.response, to)));
        ALL.put(
                "upstream_connect_time",
                (entry, line) -> each(entry, line, (attempt, to) -> took(attempt.connect, to)));
        ALL.put("upstream_header_time", (entry, line) -> each(entry, line, (attempt, to) -> took(attempt.header, to)));
        ALL.put(
                "upstream_status",
                (entry, line) -> each(entry, line, (attempt, to) -> {
                    if (attempt.status == 0) {
                        to.nothing();
                    } else {
                        to.number(attempt.status);
                    }
                }));
    }

    private static void time() {
        ALL.put("time_local", (entry, line) -> line.put(entry.log().clock().local()));
        ALL.put("time_iso8601", (entry, line) -> line.put(entry.log().clock().iso()));
        ALL.put("msec", (entry, line) -> line.seconds(entry.log().clock().millis()));
    }

    static void header(LogEntry entry, int header, Line line) {
        if (entry.headerStart(header) < 0) {
            line.nothing();
        } else {
            line.value(entry.text(), entry.headerStart(header), entry.headerEnd(header));
        }
    }

    /** The host that was asked for, in lower case and without a port. */
    static void host(LogEntry entry, int header, Line line) {
        String told = entry.caller == null ? "" : entry.caller.host();
        int start = entry.headerStart(header);
        String said = told.isEmpty() && start >= 0
                ? new String(entry.text(), start, entry.headerEnd(header) - start, StandardCharsets.ISO_8859_1)
                : told;
        int colon = said.indexOf(':', said.indexOf(']') + 1);
        String host = (colon < 0 ? said : said.substring(0, colon)).toLowerCase(Locale.ROOT);
        if (host.isEmpty()) {
            line.nothing();
        } else {
            byte[] bytes = host.getBytes(StandardCharsets.ISO_8859_1);
            line.value(bytes, 0, bytes.length);
        }
    }

    /** What the client says of those before it, and itself. */
    static void chain(LogEntry entry, int header, Line line) {
        if (entry.headerStart(header) >= 0) {
            line.value(entry.text(), entry.headerStart(header), entry.headerEnd(header));
            line.put(',');
            line.put(' ');
        }
        withCaller(entry, line, Caller::text);
    }

    private static void textOf(String id, Line line) {
        if (id.isEmpty()) {
            line.nothing();
        } else {
            line.text(id);
        }
    }

    /** A piece of the request line. */
    private static void ofLine(LogEntry entry, Line line, int start, int end) {
        if (start == end) {
            line.nothing();
        } else {
            line.value(entry.text(), start, end);
        }
    }

    /** Something that the caller says in text of ours. */
    @FunctionalInterface
    private interface Said {
        String by(Caller caller);
    }

    private static void withCaller(LogEntry entry, Line line, Said said) {
        String text = entry.caller == null ? "" : said.by(entry.caller);
        if (text.isEmpty()) {
            line.nothing();
        } else {
            line.text(text);
        }
    }

    /** Writes one thing about an attempt. */
    @FunctionalInterface
    private interface OfAttempt {
        void write(Attempt attempt, Line line);
    }

    private static void each(LogEntry entry, Line line, OfAttempt part) {
        if (entry.attempts() == 0) {
            line.nothing();
            return;
        }
        for (int i = 0; i < entry.attempts(); i++) {
            if (i > 0) {
                line.put(',');
                line.put(' ');
            }
            part.write(entry.attempt(i), line);
        }
    }

    private static void took(long nanos, Line line) {
        if (nanos < 0) {
            line.nothing();
        } else {
            line.seconds(TimeUnit.NANOSECONDS.toMillis(nanos));
        }
    }
}
