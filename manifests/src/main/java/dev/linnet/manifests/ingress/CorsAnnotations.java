package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.Cors.Origin;
import dev.linnet.routing.policy.Cors.Preflights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What browsers are told of other origins (spec of ingress-nginx, §4.6). An origin that cannot be understood may not. */
final class CorsAnnotations {
    private static final String ORIGIN = "cors-allow-origin";
    private static final Pattern ALLOWED =
            Pattern.compile("([a-z][a-z0-9+.-]*://)(\\*(?=\\.))?([a-z0-9.-]+(:[0-9]{1,5})?)");
    private static final Pattern METHODS = Pattern.compile("[A-Za-z]+( *, *[A-Za-z]+)*");
    private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9_-]+( *, *[A-Za-z0-9_-]+)*");
    private static final Pattern EXPOSED = Pattern.compile("\\*|[A-Za-z0-9_-]+( *, *[A-Za-z0-9_-]+)*");
    private static final String USUAL_METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
    private static final String USUAL_HEADERS = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,"
            + "Cache-Control,Content-Type,Range,Authorization";
    private static final int USUAL_AGE = 1_728_000;

    private CorsAnnotations() {}

    static Optional<Cors> read(Annotations annotations) {
        if (!annotations.flag("enable-cors", false)) {
            return Optional.empty();
        }
        List<String> wanted = annotations
                .text(ORIGIN)
                .map(text -> List.of(text.split("\\s*,\\s*")))
                .orElse(List.of("*"));
        boolean any = wanted.contains("*");
        return Optional.of(new Cors(
                any,
                any ? List.of() : origins(annotations, wanted),
                text(annotations, "cors-allow-methods", METHODS, USUAL_METHODS, "methods, separated by commas"),
                text(annotations, "cors-allow-headers", HEADERS, USUAL_HEADERS, "headers, separated by commas"),
                text(annotations, "cors-expose-headers", EXPOSED, "", "* or headers, separated by commas"),
                annotations.flag("cors-allow-credentials", true),
                annotations
                        .wholeNumber("cors-max-age", 0, Integer.MAX_VALUE, "seconds without a unit")
                        .orElse(USUAL_AGE),
                Preflights.ANY_OPTIONS));
    }

    private static List<Origin> origins(Annotations annotations, List<String> wanted) {
        List<Origin> origins = new ArrayList<>();
        for (String element : wanted) {
            Optional<Origin> origin = origin(element.toLowerCase(Locale.ROOT));
            if (origin.isEmpty()) {
                annotations.bad(
                        ORIGIN,
                        "has \"" + element
                                + "\", which may not (expected: scheme://host, scheme://*.host, with or without a port, or *)");
            }
            origin.ifPresent(origins::add);
        }
        return origins;
    }

    private static Optional<Origin> origin(String text) {
        if (text.equals("null")) {
            return Optional.of(new Origin.Exactly(text));
        }
        Matcher matcher = ALLOWED.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean label = matcher.group(2) != null;
        return Optional.of(label ? new Origin.OneLabel(matcher.group(1), matcher.group(3)) : new Origin.Exactly(text));
    }

    private static String text(Annotations annotations, String name, Pattern valid, String usual, String expected) {
        Optional<String> text = annotations.text(name);
        if (text.isPresent() && !valid.matcher(text.get()).matches()) {
            annotations.bad(name, "is \"" + text.get() + "\" (expected: " + expected + ")");
            return usual;
        }
        return text.orElse(usual);
    }
}
