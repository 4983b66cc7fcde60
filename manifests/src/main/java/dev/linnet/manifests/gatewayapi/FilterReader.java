package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.linnet.manifests.gatewayapi.Filters.NewPath;
import dev.linnet.manifests.gatewayapi.Filters.Redirect;
import dev.linnet.manifests.gatewayapi.RouteReader.Unsupported;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Mirror;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code filters} of a rule or backend (spec §6.5.4). */
final class FilterReader {
    private static final int FOUND = 302;
    private static final int USUAL_MAX_AGE = 5;
    private static final String ANY = "*";

    private final BackendReader backends;
    private final Unsupported unsupported;

    FilterReader(BackendReader backends, Unsupported unsupported) {
        this.backends = backends;
        this.unsupported = unsupported;
    }

    Filters read(JsonNode filters, String where) {
        Filters all = Filters.NONE;
        int index = 0;
        for (JsonNode filter : filters) {
            all = all.with(filter(filter, where + "[" + index++ + "]"));
        }
        return all;
    }

    private Filters filter(JsonNode filter, String where) {
        return switch (filter.path("type").asText()) {
            case "RequestHeaderModifier" -> {
                String path = where + ".requestHeaderModifier";
                JsonNode modifier = filter.path("requestHeaderModifier");
                yield with(new HeadEdits(lines(modifier, path, true), HeadEdits.Lines.NONE), host(modifier));
            }
            case "ResponseHeaderModifier" ->
                with(
                        new HeadEdits(
                                HeadEdits.Lines.NONE,
                                lines(filter.path("responseHeaderModifier"), where + ".responseHeaderModifier", false)),
                        Optional.empty());
            case "RequestRedirect" -> redirect(filter.path("requestRedirect"), where + ".requestRedirect");
            case "URLRewrite" -> rewrite(filter.path("urlRewrite"), where + ".urlRewrite");
            case "RequestMirror" -> mirror(filter.path("requestMirror"), where + ".requestMirror");
            case "CORS" -> cors(filter.path("cors"), where + ".cors");
            default -> {
                unsupported.say(
                        where + ".type",
                        "is " + filter.path("type").asText()
                                + " (expected: RequestHeaderModifier, ResponseHeaderModifier, RequestRedirect, URLRewrite,"
                                + " RequestMirror or CORS)");
                yield Filters.NONE;
            }
        };
    }

    private static Filters with(HeadEdits edits, Optional<String> host) {
        return new Filters(edits, Optional.empty(), host, Optional.empty(), List.of(), Optional.empty());
    }

    /** A Host header that is set is another Host for the backend. */
    private static Optional<String> host(JsonNode modifier) {
        return modifier.path("set")
                .valueStream()
                .filter(line -> isHost(line.path("name").asText()))
                .map(line -> line.path("value").asText())
                .findFirst();
    }

    private static boolean isHost(String name) {
        return name.equalsIgnoreCase("host");
    }

    private HeadEdits.Lines lines(JsonNode modifier, String where, boolean request) {
        return new HeadEdits.Lines(
                modifier.path("remove").valueStream().map(JsonNode::asText).toList(),
                lineList(modifier.path("set"), where + ".set", request),
                lineList(modifier.path("add"), where + ".add", request));
    }

    private List<HeaderLine> lineList(JsonNode lines, String where, boolean request) {
        List<HeaderLine> read = new ArrayList<>();
        int index = 0;
        for (JsonNode line : lines) {
            String name = line.path("name").asText();
            String value = line.path("value").asText();
            if (!HeaderLine.isValid(name, value)) {
                unsupported.say(
                        where + "[" + index + "]",
                        "is no header line (expected: a name of letters, digits, - and _, and a value of one line)");
            } else if (!(request && isHost(name))) {
                read.add(new HeaderLine(name, value));
            }
            index++;
        }
        return read;
    }

    private Filters redirect(JsonNode redirect, String where) {
        int status = redirect.path("statusCode").asInt(FOUND);
        if (status < 300 || status > 399) {
            unsupported.say(where + ".statusCode", "is " + status + " (expected: 301, 302, 303, 307 or 308)");
        }
        Optional<String> scheme = text(redirect.path("scheme"));
        if (scheme.filter(word -> !word.equals("http") && !word.equals("https")).isPresent()) {
            unsupported.say(where + ".scheme", "is " + scheme.get() + " (expected: http or https)");
        }
        OptionalInt port = redirect.has("port")
                ? OptionalInt.of(redirect.path("port").asInt())
                : scheme.isPresent() ? OptionalInt.of(0) : OptionalInt.empty();
        Redirect to = new Redirect(
                status, scheme, text(redirect.path("hostname")), port, path(redirect.path("path"), where + ".path"));
        return new Filters(
                HeadEdits.NONE, Optional.of(to), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    private Filters rewrite(JsonNode rewrite, String where) {
        return new Filters(
                HeadEdits.NONE,
                Optional.empty(),
                text(rewrite.path("hostname")),
                path(rewrite.path("path"), where + ".path"),
                List.of(),
                Optional.empty());
    }

    private Optional<NewPath> path(JsonNode path, String where) {
        return switch (path.path("type").asText("")) {
            case "" -> Optional.empty();
            case "ReplaceFullPath" ->
                Optional.of(new NewPath.Full(path.path("replaceFullPath").asText("/")));
            case "ReplacePrefixMatch" ->
                Optional.of(new NewPath.Prefix(path.path("replacePrefixMatch").asText("")));
            default -> {
                unsupported.say(
                        where + ".type",
                        "is " + path.path("type").asText() + " (expected: ReplaceFullPath or ReplacePrefixMatch)");
                yield Optional.empty();
            }
        };
    }

    /** One that cannot be asked is left out, and the requests go on. */
    private Filters mirror(JsonNode mirror, String where) {
        Optional<ServiceRef> service = backends.service(mirror.path("backendRef"), where + ".backendRef");
        List<Mirror> mirrors = service.stream()
                .map(found -> new Mirror(new Mirror.Target.Backend(found), parts(mirror), Optional.empty(), true))
                .toList();
        return new Filters(
                HeadEdits.NONE, Optional.empty(), Optional.empty(), Optional.empty(), mirrors, Optional.empty());
    }

    private static int parts(JsonNode mirror) {
        JsonNode fraction = mirror.path("fraction");
        double part = mirror.has("percent")
                ? mirror.path("percent").asInt() / 100.0
                : fraction.isObject()
                        ? fraction.path("numerator").asDouble()
                                / Math.max(1, fraction.path("denominator").asInt(100))
                        : 1;
        return (int) Math.round(Math.clamp(part, 0, 1) * Mirror.ALL);
    }

    private Filters cors(JsonNode cors, String where) {
        boolean credentials = cors.path("allowCredentials").asBoolean();
        boolean any = false;
        List<Cors.Origin> origins = new ArrayList<>();
        int index = 0;
        for (JsonNode node : cors.path("allowOrigins")) {
            String text = node.asText();
            any |= text.equals(ANY) && !credentials;
            Optional<Cors.Origin> origin = origin(text);
            origin.ifPresent(origins::add);
            if (origin.isEmpty()) {
                unsupported.say(
                        where + ".allowOrigins[" + index + "]",
                        "is " + text
                                + " (expected: scheme://host or scheme://*.host, each with or without a port, or *)");
            }
            index++;
        }
        if (credentials && words(cors.path("exposeHeaders")).contains(ANY)) {
            unsupported.say(where + ".exposeHeaders", "is * with allowCredentials (expected: each by its name)");
        }
        Cors read = new Cors(
                any,
                origins,
                words(cors.path("allowMethods")),
                words(cors.path("allowHeaders")),
                words(cors.path("exposeHeaders")),
                credentials,
                cors.path("maxAge").asInt(USUAL_MAX_AGE),
                Cors.Preflights.ALL);
        return new Filters(
                HeadEdits.NONE, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.of(read));
    }

    /** A pattern stands for one label or several. */
    private static Optional<Cors.Origin> origin(String text) {
        if (text.equals(ANY)) {
            return Optional.of(Cors.Origin.Matching.ANY);
        }
        int star = text.indexOf(ANY);
        if (star < 0) {
            return Optional.of(new Cors.Origin.Exactly(text));
        }
        String before = text.substring(0, star);
        String after = text.substring(star + 1);
        if (!before.endsWith("://") || after.contains(ANY)) {
            return Optional.empty();
        }
        String labels = "[a-z0-9-]+(?:\\.[a-z0-9-]+)*";
        return Optional.of(new Cors.Origin.Matching(
                Pattern.compile("(?i)" + Pattern.quote(before) + labels + Pattern.quote(after))));
    }

    /** {@code *} among others means all, too. */
    private static String words(JsonNode list) {
        List<String> words = list.valueStream().map(JsonNode::asText).toList();
        return words.contains(ANY) ? ANY : String.join(", ", words);
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
    }
}
