package dev.linnet.numbers;

import dev.linnet.numbers.Layout.Histogram;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happened to requests, under ingress-nginx's names and labels (spec §6.1). Requests for hosts that no object names are left out,
 * unless somebody wants them; copies of requests always are.
 */
public final class RequestMetrics implements MetricSource {
    private final Reading reading;
    private final Options options;

    /**
     * What is shown.
     *
     * @param perHost       whether there is a label {@code host}; without it all requests are shown
     * @param undefinedHost whether requests for hosts that no object names are shown
     * @param statusClasses whether {@code status} is a class such as {@code 2xx}
     * @param excluded      metrics that are left out, with or without their prefix
     */
    public record Options(boolean perHost, boolean undefinedHost, boolean statusClasses, Set<String> excluded) {
        public static final Options DEFAULT = new Options(true, false, false, Set.of());

        public Options {
            excluded = Set.copyOf(excluded);
            if (undefinedHost && !perHost) {
                throw new IllegalArgumentException(
                        "metrics per undefined host are on without metrics per host (expected: both, or neither)");
            }
        }

        private boolean shows(String metric) {
            return !excluded.contains(metric) && !excluded.contains(PrometheusPage.PREFIX + metric);
        }
    }

    public RequestMetrics(Reading reading, Options options) {
        this.reading = reading;
        this.options = options;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        Map<String, long[]> lines = lines(page);
        if (options.shows("requests")) {
            page.family("requests", PrometheusPage.MetricType.COUNTER, "The total number of client requests");
            lines.forEach((labels, row) -> page.line("requests", labels, Long.toString(row[Layout.REQUESTS])));
        }
        for (Measure measure : Measure.values()) {
            if (options.shows(measure.metric())) {
                page.family(measure.metric(), PrometheusPage.MetricType.HISTOGRAM, measure.help());
                lines.forEach((labels, row) -> write(page, reading.layout().of(measure), labels, row));
            }
        }
    }

    /** Rows by their labels: what differs only in labels that are not shown is one. */
    private Map<String, long[]> lines(PrometheusPage page) {
        Map<String, long[]> lines = new TreeMap<>();
        reading.entries().forEach((series, entry) -> {
            boolean shown = !series.isUnrouted() || options.undefinedHost || !options.perHost;
            if (shown && !series.isMirror()) {
                entry.rows.forEach(
                        (key, row) -> lines.merge(page.joined(labels(series, key)), row, RequestMetrics::sum));
            }
        });
        return lines;
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }

    private Map<String, String> labels(Series series, Reading.Key key) {
        Map<String, String> labels = new HashMap<>();
        labels.put("canary", series.canary());
        if (options.perHost) {
            labels.put("host", series.host());
        }
        labels.put("ingress", series.ingress());
        labels.put("method", key.method().name());
        labels.put("namespace", series.namespace());
        labels.put("path", series.path());
        labels.put("service", series.service());
        labels.put("status", options.statusClasses ? key.status() / 100 + "xx" : Integer.toString(key.status()));
        return labels;
    }

    private static void write(PrometheusPage page, Histogram histogram, String labels, long[] row) {
        if (isEmpty(histogram, row)) {
            return; // as there: a series begins with what was first observed
        }
        page.histogram(histogram.measure().metric(), histogram, 1, labels, row);
    }

    private static boolean isEmpty(Histogram histogram, long[] row) {
        for (int i = 0; i < histogram.buckets(); i++) {
            if (row[histogram.bucket(i)] != 0) {
                return false;
            }
        }
        return true;
    }
}
