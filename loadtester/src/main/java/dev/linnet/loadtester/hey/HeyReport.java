package dev.linnet.loadtester.hey;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of a load, in the form that {@code hey} prints.
 *
 * @param seconds  the whole took
 * @param latencies of answers, in nanoseconds, sorted
 * @param statuses how many answers of each status
 * @param errors   how many requests had no answer, by reason
 */
public record HeyReport(
        double seconds, List<Long> latencies, SortedMap<Integer, Long> statuses, SortedMap<String, Long> errors) {
    private static final int[] PERCENTILES = {10, 25, 50, 75, 90, 95, 99};

    public HeyReport {
        latencies = latencies.stream().sorted().toList();
        statuses = new TreeMap<>(statuses);
        errors = new TreeMap<>(errors);
    }

    /** Answers of any status. */
    public long answered() {
        return statuses.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Several lines. */
    public String text() {
        StringBuilder text = new StringBuilder("\nSummary:\n");
        line(text, "Total:\t" + decimal(seconds) + " secs");
        if (!latencies.isEmpty()) {
            line(text, "Slowest:\t" + decimal(secs(latencies.getLast())) + " secs");
            line(text, "Fastest:\t" + decimal(secs(latencies.getFirst())) + " secs");
            line(text, "Average:\t" + decimal(mean()) + " secs");
        }
        line(text, "Requests/sec:\t" + decimal(seconds > 0 ? answered() / seconds : 0));
        if (!latencies.isEmpty()) {
            text.append("\nLatency distribution:\n");
            for (int percent : PERCENTILES) {
                line(text, percent + "% in " + decimal(secs(percentile(percent))) + " secs");
            }
        }
        text.append("\nStatus code distribution:\n");
        statuses.forEach((status, count) -> line(text, "[" + status + "]\t" + count + " responses"));
        if (!errors.isEmpty()) {
            text.append("\nError distribution:\n");
            errors.entrySet().stream()
                    .map(Map.Entry::copyOf)
                    .forEach(error -> line(text, "[" + error.getValue() + "]\t" + error.getKey()));
        }
        return text.toString();
    }

    private long percentile(int percent) {
        return latencies.get(Math.min(latencies.size() - 1, latencies.size() * percent / 100));
    }

    private double mean() {
        return latencies.stream().mapToLong(Long::longValue).average().orElse(0) / 1e9;
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    private static double secs(long nanos) {
        return nanos / 1e9;
    }

    private static void line(StringBuilder text, String words) {
        text.append("  ").append(words).append('\n');
    }
}
