package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.linnet.manifests.Expression;
import dev.linnet.manifests.istio.VirtualService.HttpMatch;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.TextMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Reads the conditions of a VirtualService's rules (spec §1.4, §1.8). An entry that cannot be understood is left out. */
final class MatchReader {
    private final String namespace;
    private final Author author;

    MatchReader(String namespace, Author author) {
        this.namespace = namespace;
        this.author = author;
    }

    /** Empty if it cannot be understood: then it matches nothing, rather than too much. */
    Optional<HttpMatch> read(JsonNode match, String where) {
        List<Part> parts = new ArrayList<>();
        boolean good = true;
        Optional<Part.Path> uri = Optional.empty();
        if (match.has("uri")) {
            boolean anyCase = match.path("ignoreUriCase").asBoolean();
            Optional<TextMatch> text = text(match.path("uri"), where + ".uri");
            uri = text.map(found -> new Part.Path(found, anyCase));
            uri.ifPresent(parts::add);
            good = uri.isPresent();
        }
        good &= add(match, "method", where, Part.Method::new, parts);
        good &= add(match, "authority", where, Part.Authority::new, parts);
        good &= scheme(match, where, parts);
        good &= headers(match.path("headers"), where + ".headers", parts);
        good &= withoutHeaders(match.path("withoutHeaders"), where + ".withoutHeaders", parts);
        good &= query(match.path("queryParams"), where + ".queryParams", parts);
        if (!good) {
            return Optional.empty();
        }
        int port = match.path("port").asInt(0);
        return Optional.of(new HttpMatch(
                uri,
                parts,
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                Author.texts(match.path("gateways")).stream()
                        .map(name -> Names.gateway(name, namespace))
                        .toList(),
                source(match, where)));
    }

    private Source source(JsonNode match, String where) {
        Map<String, String> labels = labels(match.path("sourceLabels"));
        Set<String> namespaces =
                Author.text(match.path("sourceNamespace")).map(Set::of).orElseGet(Set::of);
        boolean said = !labels.isEmpty() || !namespaces.isEmpty();
        if (said && !match.path("gateways").isEmpty()) {
            author.mistake(
                    where + ".gateways",
                    "makes sourceLabels and sourceNamespace of the same entry count for nothing, as in Istio (expected: one of them)");
        }
        return new Source(namespaces, labels);
    }

    static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new HashMap<>();
        node.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    private boolean add(JsonNode match, String field, String where, Function<TextMatch, Part> part, List<Part> parts) {
        if (!match.has(field)) {
            return true;
        }
        Optional<TextMatch> text = text(match.path(field), where + "." + field);
        text.map(part).ifPresent(parts::add);
        return text.isPresent();
    }

    /** One of two words, so whoever names either by whatever means has said yes or no. */
    private boolean scheme(JsonNode match, String where, List<Part> parts) {
        if (!match.has("scheme")) {
            return true;
        }
        Optional<TextMatch> text = text(match.path("scheme"), where + ".scheme");
        if (text.isEmpty()) {
            return false;
        }
        boolean http = fits(text.get(), "http");
        boolean https = fits(text.get(), "https");
        if (!http && !https) {
            author.mistake(where + ".scheme", "is neither http nor https: the entry matches nothing");
            return false;
        }
        if (http != https) {
            parts.add(new Part.Secure(https));
        }
        return true;
    }

    private static boolean fits(TextMatch text, String word) {
        return switch (text) {
            case TextMatch.Is(String whole) -> whole.equals(word);
            case TextMatch.Begins(String beginning) -> word.startsWith(beginning);
            case TextMatch.Below(String path) -> path.isEmpty();
            case TextMatch.Matches(Pattern pattern) -> pattern.matches(word);
            case TextMatch.IsThere _ -> true;
        };
    }

    private boolean headers(JsonNode headers, String where, List<Part> parts) {
        boolean good = true;
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            String name = header.getKey();
            String path = where + "[" + name + "]";
            if (name.startsWith("@request.auth.claims")) {
                author.notObeyed(
                        path, "asks for claims of a token, which are not looked at: the entry matches nothing");
                good = false;
                continue;
            }
            Optional<TextMatch> text = presence(header.getValue(), path);
            text.map(found -> header(name, found)).ifPresent(parts::add);
            good &= text.isPresent();
        }
        return good;
    }

    private static Part header(String name, TextMatch text) {
        return switch (name) {
            case ":method" -> new Part.Method(text);
            case ":authority" -> new Part.Authority(text);
            case ":path" -> new Part.Path(text, false);
            default -> new Part.Header(name, text);
        };
    }

    private boolean withoutHeaders(JsonNode headers, String where, List<Part> parts) {
        boolean good = true;
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            Optional<TextMatch> text = presence(header.getValue(), where + "[" + header.getKey() + "]");
            text.ifPresent(found -> parts.add(new Part.NotHeader(header.getKey(), found)));
            good &= text.isPresent();
        }
        return good;
    }

    private boolean query(JsonNode parameters, String where, List<Part> parts) {
        boolean good = true;
        for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
            Optional<TextMatch> text = presence(parameter.getValue(), where + "[" + parameter.getKey() + "]");
            text.ifPresent(found -> parts.add(new Part.Query(parameter.getKey(), found)));
            good &= text.isPresent();
        }
        return good;
    }

    /** Nothing said, and the expression {@code *}, mean that it is there (spec §5.6, RC-8 and RC-9). */
    private Optional<TextMatch> presence(JsonNode match, String where) {
        boolean nothing = match.isNull() || match.isEmpty();
        return nothing || match.path("regex").asText("").equals("*")
                ? Optional.of(new TextMatch.IsThere())
                : text(match, where);
    }

    Optional<TextMatch> text(JsonNode match, String where) {
        if (match.has("exact")) {
            return Optional.of(new TextMatch.Is(match.path("exact").asText()));
        }
        if (match.has("prefix")) {
            return Optional.of(new TextMatch.Begins(match.path("prefix").asText()));
        }
        if (match.has("regex")) {
            return regex(match.path("regex").asText(), where + ".regex").map(TextMatch.Matches::new);
        }
        author.mistake(where, "says nothing (expected: one of exact, prefix, regex): the entry matches nothing");
        return Optional.empty();
    }

    Optional<Pattern> regex(String text, String where) {
        return Expression.read(text, message -> author.mistake(where, message));
    }
}
