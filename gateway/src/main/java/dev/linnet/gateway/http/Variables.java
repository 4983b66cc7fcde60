package dev.linnet.gateway.http;

import dev.linnet.routing.policy.Template;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The values that a request gives the variables of a {@link Template}; nothing for what it does not have. */
public final class Variables {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);

    private final RequestHead head;
    private final Caller caller;
    private final String serverName;

    /**
     * Variables of one request.
     *
     * @param serverName the host of the route; empty if it is for any
     */
    public Variables(RequestHead head, Caller caller, String serverName) {
        this.head = head;
        this.caller = caller;
        this.serverName = serverName;
    }

    /** The text with all values in it, byte by byte. They come from the client: whoever uses them must check or escape them. */
    public String fill(Template template) {
        return template.fill(this::value);
    }

    /** The same for a URL: what cannot be in one is escaped. */
    public String fillUrl(Template template) {
        return escape(fill(template), false);
    }

    /** The same for a line of a head: what could end it is escaped, as {@code $uri} is decoded and may hold anything. */
    public String fillLine(Template template) {
        String filled = fill(template);
        if (filled.chars().noneMatch(Variables::isControl)) {
            return filled;
        }
        StringBuilder escaped = new StringBuilder(filled.length() + 16);
        for (int i = 0; i < filled.length(); i++) {
            char c = filled.charAt(i);
            if (isControl(c)) {
                percent(c, escaped);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isControl(int c) {
        return c < ' ' || c == 0x7f;
    }

    /** Of one variable; nothing if the request has none. */
    public String value(String name) {
        return switch (name) {
            case "host" -> text(head.hostStart(), head.hostEnd()).toLowerCase(Locale.ROOT);
            case "http_host" -> head.hostText();
            case "best_http_host" -> host();
            case "scheme" -> caller.isTls() ? "https" : "http";
            case "pass_access_scheme" -> caller.scheme();
            case "request_uri" -> uri();
            case "escaped_request_uri" -> escape(uri(), true);
            case "uri" -> text(head.pathStart(), head.pathEnd());
            case "args", "query_string" -> arguments();
            case "is_args" -> arguments().isEmpty() ? "" : "?";
            case "request_method" -> method();
            case "remote_addr", "the_real_ip" -> caller.text();
            case "server_port", "pass_port", "pass_server_port" -> String.valueOf(caller.port());
            case "server_name" -> serverName.isEmpty() ? "_" : serverName;
            default -> prefixed(name);
        };
    }

    private String prefixed(String name) {
        if (name.startsWith("http_")) {
            return head.joined(name.substring(5).replace('_', '-').getBytes(StandardCharsets.US_ASCII));
        }
        if (name.startsWith("cookie_")) {
            return pair(name.substring(7), head.joined(COOKIE), "[;,]");
        }
        return pair(name.substring(4), arguments(), "&");
    }

    private static String pair(String name, String all, String separator) {
        for (String pair : all.split(separator, -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return pair.substring(equals + 1);
            }
        }
        return "";
    }

    public Caller caller() {
        return caller;
    }

    /** The host that the client has asked, with its port. */
    public String host() {
        return caller.host().isEmpty() ? head.hostText() : caller.host();
    }

    public String method() {
        return text(head.line().methodStart(), head.line().methodEnd());
    }

    /** Path and query as they were sent. */
    public String uri() {
        String sent = text(head.line().rawPathStart(), head.line().targetEnd());
        return sent.startsWith("/") ? sent : "/" + sent;
    }

    private String arguments() {
        String query = head.queryText();
        return query.isEmpty() ? "" : query.substring(1);
    }

    private String text(int start, int end) {
        return new String(head.bytes(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Percent-encodes what may not be in a URL, or in one component of it. */
    public static String escape(String text, boolean component) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean keep = component ? UNRESERVED.indexOf(c) >= 0 : c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0;
            if (keep) {
                escaped.append(c);
            } else {
                percent(c, escaped);
            }
        }
        return escaped.toString();
    }

    private static void percent(char c, StringBuilder to) {
        to.append('%')
                .append(Character.toUpperCase(Character.forDigit((c >> 4) & 0xf, 16)))
                .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
    }
}
