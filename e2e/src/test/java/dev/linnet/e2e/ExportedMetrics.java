package dev.linnet.e2e;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What pages in Prometheus' format show.
 *
 * @param labels by the names of metrics; of one that has no samples yet there are none
 */
record ExportedMetrics(Map<String, Set<String>> labels) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\]|\\\\.)*\"");

    static ExportedMetrics of(List<String> pages) {
        Map<String, Set<String>> labels = new TreeMap<>();
        pages.stream().flatMap(String::lines).forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                List<String> endings =
                        type.group(2).equals("histogram") ? List.of("_bucket", "_sum", "_count") : List.of("");
                endings.forEach(ending -> labels.computeIfAbsent(type.group(1) + ending, _ -> new TreeSet<>()));
            } else if (sample.matches()) {
                Set<String> known = labels.computeIfAbsent(sample.group(1), _ -> new TreeSet<>());
                String all = sample.group(2) == null ? "" : sample.group(2);
                LABEL.matcher(all).results().forEach(label -> known.add(label.group(1)));
            }
        });
        return new ExportedMetrics(labels);
    }
}
