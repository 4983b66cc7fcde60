package dev.linnet.samples.openresty;

import dev.linnet.samples.openresty.VirtualServer.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives directives their meaning. What would change an answer and is not understood is refused, not passed over. */
final class NginxConfig {
    private static final Pattern LISTEN = Pattern.compile("(?:(?:\\*|0\\.0\\.0\\.0):)?(\\d{1,5})");
    private static final Set<String> LISTEN_OPTIONS = Set.of("default_server", "reuseport", "deferred", "http2");
    /** What says how nginx works, not what it answers. */
    private static final Set<String> HARMLESS = Set.of(
            "access_log",
            "charset",
            "daemon",
            "error_log",
            "events",
            "env",
            "ignore_invalid_headers",
            "keepalive_requests",
            "keepalive_timeout",
            "large_client_header_buffers",
            "log_format",
            "lua_code_cache",
            "lua_package_cpath",
            "lua_package_path",
            "lua_shared_dict",
            "pcre_jit",
            "pid",
            "reset_timedout_connection",
            "resolver",
            "sendfile",
            "send_timeout",
            "server_names_hash_bucket_size",
            "server_names_hash_max_size",
            "server_tokens",
            "tcp_nodelay",
            "tcp_nopush",
            "types",
            "types_hash_bucket_size",
            "types_hash_max_size",
            "underscores_in_headers",
            "user");

    private static final List<String> HARMLESS_PREFIXES = List.of(
            "client_", "fastcgi_temp", "gzip", "open_file_cache", "proxy_temp", "scgi_temp", "uwsgi_temp", "worker_");

    private final Mounts mounts;
    private final String pod;
    private final List<VirtualServer> servers = new ArrayList<>();

    private NginxConfig(Mounts mounts, String pod) {
        this.mounts = mounts;
        this.pod = pod;
    }

    /** @throws IllegalArgumentException naming the line and the directive that cannot be obeyed */
    static List<VirtualServer> read(String text, Mounts mounts, String pod) throws IOException {
        NginxConfig config = new NginxConfig(mounts, pod);
        for (Directive directive : NginxParser.parse(text)) {
            if (directive.name().equals("http")) {
                config.http(directive.block(), Map.of());
            } else {
                refuseUnlessHarmless(directive, "http");
            }
        }
        if (config.servers.isEmpty()) {
            throw new IllegalArgumentException("nginx.conf has no server (expected: http { server { … } })");
        }
        return config.servers;
    }

    private void http(List<Directive> directives, Map<String, Text> inherited) throws IOException {
        Map<String, Text> headers = headers(directives, inherited);
        for (Directive directive : directives) {
            switch (directive.name()) {
                case "server" -> servers.add(server(directive, headers));
                case "include" -> include(directive, headers);
                case "default_type", "add_header" -> {}
                default -> refuseUnlessHarmless(directive, "server, include, default_type or add_header");
            }
        }
    }

    private void include(Directive directive, Map<String, Text> headers) throws IOException {
        if (directive.arg().endsWith("mime.types")) {
            return;
        }
        for (String text : mounts.included(directive)) {
            http(NginxParser.parse(text), headers);
        }
    }

    private VirtualServer server(Directive block, Map<String, Text> inherited) {
        Set<Integer> ports = new HashSet<>();
        Set<Integer> defaults = new HashSet<>();
        List<String> names = new ArrayList<>();
        List<Location> locations = new ArrayList<>();
        Map<String, Text> headers = headers(block.block(), inherited);
        for (Directive directive : block.block()) {
            switch (directive.name()) {
                case "listen" -> listen(directive, ports, defaults);
                case "server_name" -> names.addAll(serverNames(directive));
                case "location" -> locations.add(location(directive, headers));
                default -> {}
            }
        }
        answer(block, Set.of("listen", "server_name", "location"))
                .ifPresent(answer -> locations.add(new Location(false, "/", answer.with(headers))));
        if (locations.isEmpty()) {
            throw block.refused("answers nothing (expected: location, return, or a *_by_lua with ngx.say)");
        }
        return new VirtualServer(ports.isEmpty() ? Set.of(80) : ports, defaults, names, locations);
    }

    private static void listen(Directive directive, Set<Integer> ports, Set<Integer> defaults) {
        String address = directive.args().isEmpty() ? "" : directive.args().getFirst();
        if (address.startsWith("[")) {
            // Pods have no IPv6 address here, so nobody could call it.
            return;
        }
        Matcher matcher = LISTEN.matcher(address);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 65_535) {
            throw directive.refused("is " + address + " (expected: a port such as 80, or *:80)");
        }
        int port = Integer.parseInt(matcher.group(1));
        ports.add(port);
        for (String option : directive.args().subList(1, directive.args().size())) {
            if (option.equals("default_server")) {
                defaults.add(port);
            } else if (!LISTEN_OPTIONS.contains(option) && !option.contains("=")) {
                throw directive.refused("has " + option + " (expected: plain HTTP)");
            }
        }
    }

    private static List<String> serverNames(Directive directive) {
        for (String name : directive.args()) {
            if (name.startsWith("~")) {
                throw directive.refused("is " + name + " (expected: names and wildcards, no regular expressions)");
            }
        }
        return directive.args();
    }

    private Location location(Directive block, Map<String, Text> inherited) {
        List<String> args = block.args();
        boolean exact = args.getFirst().equals("=");
        boolean modified = exact || args.getFirst().equals("^~");
        if (args.size() != (modified ? 2 : 1) || args.getLast().startsWith("@")) {
            throw block.refused("is " + String.join(" ", args) + " (expected: a path, = path or ^~ path)");
        }
        Map<String, Text> headers = headers(block.block(), inherited);
        Answer answer = answer(block, Set.of())
                .orElseThrow(() -> block.refused(
                        args.getLast() + " answers nothing (expected: return, or a *_by_lua with ngx.say)"));
        return new Location(exact, args.getLast(), answer.with(headers));
    }

    /** The answer that a server or location gives by itself. Lua comes before {@code return}'s place only if it speaks. */
    private Optional<Answer> answer(Directive block, Set<String> otherDirectives) {
        Map<String, Answer> found = new HashMap<>();
        for (Directive directive : block.block()) {
            switch (directive.name()) {
                case "return" -> found.put("return", returned(directive));
                case "rewrite_by_lua", "access_by_lua", "content_by_lua" ->
                    found.put(phase(directive), Lua.read(directive.arg(), directive, pod));
                case "rewrite_by_lua_block", "access_by_lua_block", "content_by_lua_block" ->
                    found.put(phase(directive), Lua.read(directive.raw(), directive, pod));
                case "default_type", "add_header" -> {}
                case String other when otherDirectives.contains(other) -> {}
                default -> refuseUnlessHarmless(directive, "return, or a *_by_lua with ngx.say");
            }
        }
        // The order in which nginx runs its phases; return belongs to the rewrite phase.
        return List.of("return", "rewrite", "access", "content").stream()
                .filter(found::containsKey)
                .findFirst()
                .map(found::get);
    }

    private Answer returned(Directive directive) {
        List<String> args = directive.args();
        if (args.isEmpty() || args.size() > 2 || !args.getFirst().matches("[2-5]\\d\\d")) {
            throw directive.refused("is " + String.join(" ", args) + " (expected: a status and a text, 200 \"text\")");
        }
        int status = Integer.parseInt(args.getFirst());
        Text text = args.size() < 2 ? Text.literal("") : Text.template(args.getLast(), pod, directive);
        boolean redirects = status >= 301 && status <= 308 && args.size() == 2;
        return redirects
                ? new Answer(status, Map.of("Location", text), Text.literal(""))
                : new Answer(status, Map.of(), text);
    }

    private Map<String, Text> headers(List<Directive> directives, Map<String, Text> inherited) {
        Map<String, Text> headers = new LinkedHashMap<>(inherited);
        for (Directive directive : directives) {
            if (directive.name().equals("default_type")) {
                headers.put("Content-Type", Text.literal(directive.arg()));
            } else if (directive.name().equals("add_header")) {
                if (directive.args().size() < 2) {
                    throw directive.refused("needs a name and a value (expected: add_header X-Version v1;)");
                }
                headers.put(
                        directive.args().getFirst(),
                        Text.template(directive.args().get(1), pod, directive));
            }
        }
        return headers;
    }

    private static String phase(Directive directive) {
        return directive.name().substring(0, directive.name().indexOf('_'));
    }

    private static void refuseUnlessHarmless(Directive directive, String expected) {
        boolean harmless = HARMLESS.contains(directive.name())
                || HARMLESS_PREFIXES.stream().anyMatch(directive.name()::startsWith);
        if (!harmless) {
            throw directive.refused("cannot be obeyed by this sample (expected: " + expected + ")");
        }
    }
}
