package dev.linnet.e2e;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query in Prometheus' language asks for, as far as names go.
 *
 * @param metrics each with the labels that it is selected by
 * @param grouped the labels that are left after {@code by}, and those of {@code on}
 */
record PrometheusQuery(Map<String, Set<String>> metrics, Set<String> grouped) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("\\b([a-zA-Z_:][a-zA-Z0-9_:]*)\\b\\s*(\\{[^}]*}|\\()?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset");

    static PrometheusQuery of(String query) {
        String bare = RANGE.matcher(STRING.matcher(query).replaceAll("\"\"")).replaceAll("");
        Set<String> grouped = new TreeSet<>();
        GROUPING.matcher(bare)
                .results()
                .forEach(by -> grouped.addAll(Arrays.asList(by.group(1).strip().split("\\s*,\\s*", -1))));
        Map<String, Set<String>> metrics = new TreeMap<>();
        Matcher names = NAME.matcher(GROUPING.matcher(bare).replaceAll(""));
        while (names.find()) {
            String after = names.group(2) == null ? "" : names.group(2);
            if (!after.equals("(") && !KEYWORDS.contains(names.group(1))) {
                Set<String> labels = metrics.computeIfAbsent(names.group(1), _ -> new TreeSet<>());
                LABEL.matcher(after).results().forEach(label -> labels.add(label.group(1)));
            }
        }
        return new PrometheusQuery(metrics, grouped);
    }
}
