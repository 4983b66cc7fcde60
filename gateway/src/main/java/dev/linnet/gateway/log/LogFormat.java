package dev.linnet.gateway.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A format in nginx's notation, ready to be written by: text, and variables as {@code $name} or <code>${name}</code>. */
public final class LogFormat {
    static final byte[] AUTHORIZATION = "authorization".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([A-Za-z0-9_]+)}|([A-Za-z0-9_]+))");

    /** What ingress-nginx writes (spec §3.12). */
    public static final LogFormat NGINX = of(
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                    + " \"$http_user_agent\" $request_length $request_time [$proxy_upstream_name]"
                    + " [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length"
                    + " $upstream_response_time $upstream_status $req_id",
            Escape.NGINX);

    /** The same as JSON, one object a line. */
    public static final LogFormat JSON = of(
            "{\"time\":\"$time_iso8601\",\"remote_addr\":\"$remote_addr\",\"remote_user\":\"$remote_user\","
                    + "\"scheme\":\"$scheme\",\"host\":\"$http_host\",\"method\":\"$request_method\","
                    + "\"uri\":\"$request_uri\",\"protocol\":\"$server_protocol\",\"status\":$status,"
                    + "\"body_bytes_sent\":$body_bytes_sent,\"referer\":\"$http_referer\","
                    + "\"user_agent\":\"$http_user_agent\",\"request_length\":$request_length,"
                    + "\"request_time\":$request_time,\"namespace\":\"$namespace\",\"ingress\":\"$ingress_name\","
                    + "\"service\":\"$service_name\",\"service_port\":\"$service_port\",\"path\":\"$location_path\","
                    + "\"upstream\":\"$proxy_upstream_name\",\"canary\":\"$proxy_alternative_upstream_name\","
                    + "\"upstream_addr\":\"$upstream_addr\","
                    + "\"upstream_response_length\":\"$upstream_response_length\","
                    + "\"upstream_response_time\":\"$upstream_response_time\","
                    + "\"upstream_status\":\"$upstream_status\",\"request_id\":\"$req_id\"}",
            Escape.JSON);

    private final List<Part> parts = new ArrayList<>();
    private final List<String> headerNames = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final Escape escape;
    private final Part[] compiled;
    private final byte[][] headers;
    private boolean namesUser;

    /** Writes a piece of a line. */
    @FunctionalInterface
    interface Part {
        void write(LogEntry entry, Line line);
    }

    private LogFormat(String text, Escape escape) {
        this.escape = escape;
        Matcher variable = VARIABLE.matcher(text);
        int from = 0;
        while (variable.find()) {
            literal(text.substring(from, variable.start()));
            variable(Optional.ofNullable(variable.group(1)).orElseGet(() -> variable.group(2)));
            from = variable.end();
        }
        literal(text.substring(from) + "\n");
        this.compiled = parts.toArray(Part[]::new);
        this.headers = headerNames.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    public static LogFormat of(String text, Escape escape) {
        return new LogFormat(text, escape);
    }

    private void literal(String text) {
        if (!text.isEmpty()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            parts.add((_, line) -> line.put(bytes));
        }
    }

    private void variable(String name) {
        namesUser |= name.equals("remote_user");
        if (name.startsWith("http_")) {
            int header =
                    header(name.substring("http_".length()).replace('_', '-').toLowerCase(Locale.ROOT));
            parts.add((entry, line) -> Variables.header(entry, header, line));
            return;
        }
        Optional<Part> known = ofHeader(name).or(() -> Variables.find(name));
        if (known.isEmpty()) {
            unknown.add(name);
        }
        parts.add(known.orElse((_, line) -> line.nothing()));
    }

    /** What a header and the connection say together. */
    private Optional<Part> ofHeader(String name) {
        return switch (name) {
            case "host" -> {
                int host = header("host");
                yield Optional.of((entry, line) -> Variables.host(entry, host, line));
            }
            case "proxy_add_x_forwarded_for" -> {
                int chain = header("x-forwarded-for");
                yield Optional.of((entry, line) -> Variables.chain(entry, chain, line));
            }
            default -> Optional.empty();
        };
    }

    private int header(String name) {
        if (!headerNames.contains(name)) {
            headerNames.add(name);
        }
        return headerNames.indexOf(name);
    }

    /** Names of variables that mean nothing here: they are written as if they had no value. */
    public List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** Headers of requests that it shows, in lower case. */
    byte[][] headers() {
        return headers;
    }

    boolean namesUser() {
        return namesUser;
    }

    void write(LogEntry entry, Line line) {
        line.begin(escape);
        for (Part part : compiled) {
            part.write(entry, line);
        }
    }
}
