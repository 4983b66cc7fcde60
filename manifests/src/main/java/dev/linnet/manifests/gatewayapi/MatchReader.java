package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.linnet.manifests.Expression;
import dev.linnet.manifests.gatewayapi.RouteReader.Unsupported;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.TextMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Reads {@code matches} of a rule (spec §6.5.2). */
final class MatchReader {
    private final Unsupported unsupported;

    MatchReader(Unsupported unsupported) {
        this.unsupported = unsupported;
    }

    /** None mean all requests. */
    List<RouteMatch> read(JsonNode matches, String where) {
        List<RouteMatch> read = new ArrayList<>();
        int index = 0;
        for (JsonNode match : matches) {
            read.add(match(match, where + "[" + index++ + "]"));
        }
        return read.isEmpty() ? List.of(RouteMatch.ANY) : read;
    }

    private RouteMatch match(JsonNode match, String where) {
        return new RouteMatch(
                path(match.path("path"), where + ".path"),
                Optional.of(match.path("method").asText("")).filter(name -> !name.isEmpty()),
                parts(
                        match.path("headers"),
                        where + ".headers",
                        name -> name.toLowerCase(Locale.ROOT),
                        Part.Header::new),
                parts(match.path("queryParams"), where + ".queryParams", name -> name, Part.Query::new));
    }

    private RouteMatch.Path path(JsonNode path, String where) {
        String value = path.path("value").asText("/");
        return switch (path.path("type").asText("PathPrefix")) {
            case "Exact" -> new RouteMatch.Path.Exact(value);
            case "PathPrefix" -> new RouteMatch.Path.Prefix(value);
            case "RegularExpression" ->
                regex(value, where + ".value")
                        .<RouteMatch.Path>map(pattern -> new RouteMatch.Path.Expression(value, pattern))
                        .orElse(RouteMatch.ANY.path());
            default -> {
                unknownType(path, where, "Exact, PathPrefix or RegularExpression");
                yield RouteMatch.ANY.path();
            }
        };
    }

    /** Only the first entry of a name counts. */
    private List<Part> parts(
            JsonNode entries, String where, UnaryOperator<String> key, BiFunction<String, TextMatch, Part> part) {
        List<Part> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int index = 0;
        for (JsonNode entry : entries) {
            String name = entry.path("name").asText();
            if (names.add(key.apply(name))) {
                text(entry, where + "[" + index + "]")
                        .map(text -> part.apply(name, text))
                        .ifPresent(read::add);
            }
            index++;
        }
        return read;
    }

    private Optional<TextMatch> text(JsonNode entry, String where) {
        String value = entry.path("value").asText();
        return switch (entry.path("type").asText("Exact")) {
            case "Exact" -> Optional.of(new TextMatch.Is(value));
            case "RegularExpression" -> regex(value, where + ".value").map(TextMatch.Matches::new);
            default -> {
                unknownType(entry, where, "Exact or RegularExpression");
                yield Optional.empty();
            }
        };
    }

    private void unknownType(JsonNode node, String where, String expected) {
        unsupported.say(where + ".type", "is " + node.path("type").asText() + " (expected: " + expected + ")");
    }

    private Optional<Pattern> regex(String text, String where) {
        return Expression.read(text, message -> unsupported.say(where, message));
    }
}
