package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.Variables;
import dev.linnet.routing.Baggage;
import dev.linnet.routing.ReleaseSides;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.CallerOptions.Line;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Writes the question for leave: the client's own headers, without its body, and what they were about (spec §4.4, {@code auth-url}). */
final class LeaveRequest {
    /** For one hop, about the body, or written here. */
    private static final Set<String> NOT_COPIED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy",
            "te",
            "trailer",
            "upgrade",
            "http2-settings",
            "expect",
            "content-length",
            "transfer-encoding",
            "forwarded",
            "x-code",
            "x-request-id",
            "x-real-ip",
            "x-scheme",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-forwarded-scheme",
            "x-forwarded-prefix",
            "x-original-forwarded-for",
            "x-original-forwarded-host",
            "x-original-url",
            "x-original-uri",
            "x-original-method",
            "x-auth-request-redirect",
            "x-sent-from",
            "x-linnet-release",
            "ssl-client-cert",
            "ssl-client-verify",
            "ssl-client-subject-dn",
            "ssl-client-issuer-dn");

    private final Leave leave;
    private final StringBuilder head = new StringBuilder(512);

    private LeaveRequest(Leave leave) {
        this.leave = leave;
    }

    /** @param host who is asked, as it goes by, with its port unless that is the usual one */
    static byte[] head(Leave leave, String host, Visit visit, RequestHead client, Variables variables) {
        LeaveRequest request = new LeaveRequest(leave);
        request.write(host, visit, client, variables);
        return request.head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void write(String host, Visit visit, RequestHead client, Variables variables) {
        Caller caller = visit.caller();
        head.append(leave.method())
                .append(' ')
                .append(variables.fillUrl(leave.url().path()))
                .append(" HTTP/1.1\r\n");
        add("Host", host);
        String uri = variables.uri();
        add("X-Original-URL", caller.scheme() + "://" + variables.host() + uri);
        add("X-Original-Method", variables.method());
        add("X-Real-IP", caller.text());
        add("X-Forwarded-For", caller.text());
        add("X-Auth-Request-Redirect", leave.redirect().map(variables::fillLine).orElse(uri));
        add("X-Sent-From", "nginx-ingress-controller");
        if (leave.tellsUri()) {
            add("X-Original-URI", uri);
            add("X-Scheme", caller.scheme());
        }
        add("X-Request-ID", RequestId.settle(visit));
        Set<String> own = new HashSet<>();
        for (Line line : leave.lines()) {
            own.add(line.name().toLowerCase(Locale.ROOT));
            add(line.name(), line.value());
        }
        copy(client, own);
        head.append("\r\n");
    }

    private void copy(RequestHead client, Set<String> own) {
        for (int line = 0; line < client.headerCount(); line++) {
            String name = client.name(line);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!name.isEmpty()
                    && !NOT_COPIED.contains(lower)
                    && !own.contains(lower)
                    && !tellsSides(client, line, lower)) {
                add(name, client.value(line));
            }
        }
    }

    /** Whoever gives leave may be a Pod that passes baggage on: it would be believed. */
    private static boolean tellsSides(RequestHead client, int line, String name) {
        return name.equals(ReleaseSides.BAGGAGE)
                && Baggage.hasOurs(client.bytes(), client.valueStart(line), client.valueEnd(line));
    }

    private void add(String name, String value) {
        if (!value.isEmpty()) {
            head.append(name).append(": ").append(value).append("\r\n");
        }
    }
}
