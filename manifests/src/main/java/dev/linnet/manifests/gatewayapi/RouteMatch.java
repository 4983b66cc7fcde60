package dev.linnet.manifests.gatewayapi;

import com.google.re2j.Pattern;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.TextMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One entry of {@code matches} (spec §6.5.2): all that it says must hold. */
record RouteMatch(Path path, Optional<String> method, List<Part> headers, List<Part> queryParams) {
    /** What goes first where several hold (spec §6.5.3); an expression, of which it says nothing, between exact paths and prefixes. */
    static final Comparator<RouteMatch> MOST_SPECIFIC_FIRST = Comparator.<RouteMatch>comparingInt(
                    match -> match.path.rank())
            .thenComparing(Comparator.<RouteMatch>comparingInt(
                            match -> match.path.text().length())
                    .reversed())
            .thenComparingInt(match -> match.method.isPresent() ? 0 : 1)
            .thenComparing(Comparator.<RouteMatch>comparingInt(match -> match.headers.size())
                    .reversed())
            .thenComparing(Comparator.<RouteMatch>comparingInt(match -> match.queryParams.size())
                    .reversed());

    static final RouteMatch ANY = new RouteMatch(new Path.Prefix("/"), Optional.empty(), List.of(), List.of());

    RouteMatch {
        headers = List.copyOf(headers);
        queryParams = List.copyOf(queryParams);
    }

    sealed interface Path {
        String text();

        int rank();

        TextMatch match();

        record Exact(String text) implements Path {
            @Override
            public int rank() {
                return 0;
            }

            @Override
            public TextMatch match() {
                return new TextMatch.Is(text);
            }
        }

        record Expression(String text, Pattern pattern) implements Path {
            @Override
            public int rank() {
                return 1;
            }

            @Override
            public TextMatch match() {
                return new TextMatch.Matches(pattern);
            }
        }

        /** By path elements. */
        record Prefix(String text) implements Path {
            @Override
            public int rank() {
                return 2;
            }

            @Override
            public TextMatch match() {
                return new TextMatch.Below(elements());
            }

            /** Without a slash at the end; empty for the root. */
            String elements() {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        }
    }

    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        boolean any = path instanceof Path.Prefix prefix && prefix.elements().isEmpty();
        if (!any) {
            parts.add(new Part.Path(path.match(), false));
        }
        method.ifPresent(name -> parts.add(new Part.Method(new TextMatch.Is(name))));
        parts.addAll(headers);
        parts.addAll(queryParams);
        return parts;
    }
}
