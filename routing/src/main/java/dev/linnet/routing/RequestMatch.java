package dev.linnet.routing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Conditions on a request that all must hold; none holds for any (spec §1.8). */
public record RequestMatch(List<Part> parts) {
    public static final RequestMatch ANY = new RequestMatch(List.of());

    public RequestMatch {
        parts = List.copyOf(parts);
    }

    /** One condition. */
    public sealed interface Part {

        /** The path, decoded and normalised, without query. */
        record Path(TextMatch text, boolean anyCase) implements Part {}

        record Method(TextMatch text) implements Part {}

        /** The Host header with its port, if the client has sent one. */
        record Authority(TextMatch text) implements Part {}

        /** Whether the client speaks TLS. */
        record Secure(boolean yes) implements Part {}

        /** All lines of one header, joined with commas; its name in any case. */
        record Header(String name, TextMatch text) implements Part {}

        /** The opposite. A header that is not there counts as empty. */
        record NotHeader(String name, TextMatch text) implements Part {}

        /** A parameter of the query, as it was sent. */
        record Query(String name, TextMatch text) implements Part {}

        /** Who asks. */
        record From(Source source) implements Part {}

        /** None of these asks. An unknown caller is none of them. */
        record FromOthers(List<Source> sources) implements Part {
            public FromOthers {
                sources = List.copyOf(sources);
            }
        }
    }

    /**
     * Callers inside of the cluster.
     *
     * @param namespaces empty for any
     * @param labels     that their Pods have
     */
    public record Source(Set<String> namespaces, Map<String, String> labels) {
        public Source {
            namespaces = Set.copyOf(namespaces);
            labels = Map.copyOf(labels);
        }

        /** Whether it says anything. */
        public boolean isAny() {
            return namespaces.isEmpty() && labels.isEmpty();
        }

        /** Whether the caller is one of them. Of an unknown one nothing can be said but that it is any. */
        public boolean takes(Workload caller) {
            return isAny()
                    || (caller.isKnown()
                            && (namespaces.isEmpty() || namespaces.contains(caller.namespace()))
                            && caller.labels().entrySet().containsAll(labels.entrySet()));
        }

        String words() {
            String where = namespaces.isEmpty()
                    ? ""
                    : "namespace " + namespaces.stream().sorted().collect(Collectors.joining(" or "));
            String which = labels.entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .sorted()
                    .collect(Collectors.joining(","));
            return where.isEmpty() || which.isEmpty() ? where + which : where + " and " + which;
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return parts.isEmpty()
                ? "any request"
                : parts.stream().map(RequestMatch::words).collect(Collectors.joining(" and "));
    }

    private static String words(Part part) {
        return switch (part) {
            case Part.Path(TextMatch text, boolean anyCase) -> "path " + text.words() + (anyCase ? " in any case" : "");
            case Part.Method(TextMatch text) -> "method " + text.words();
            case Part.Authority(TextMatch text) -> "host " + text.words();
            case Part.Secure(boolean yes) -> yes ? "over TLS" : "without TLS";
            case Part.Header(String name, TextMatch text) -> "header " + name + " " + text.words();
            case Part.NotHeader(String name, TextMatch text) -> "not header " + name + " " + text.words();
            case Part.Query(String name, TextMatch text) -> "query " + name + " " + text.words();
            case Part.From(Source source) -> "from " + source.words();
            case Part.FromOthers(List<Source> sources) ->
                "not from " + sources.stream().map(Source::words).collect(Collectors.joining(" or "));
        };
    }
}
