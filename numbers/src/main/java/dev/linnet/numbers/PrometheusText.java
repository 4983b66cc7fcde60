package dev.linnet.numbers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reading in Prometheus' text format, under ingress-nginx's names (spec §6.1), so that dashboards, alerts and Flagger keep
 * working. Requests that no rule took are left out, as there.
 */
public final class PrometheusText {
    private static final String PREFIX = "nginx_ingress_controller_";

    private final Map<String, String> constantLabels;
    private final StringBuilder text = new StringBuilder(4096);

    /** One combination of labels. */
    private static final class Line {
        private final String labels;
        private final long[] row;

        Line(String labels, long[] row) {
            this.labels = labels;
            this.row = row;
        }

        String labels() {
            return labels;
        }
    }

    /**
     * A writer for one page.
     *
     * @param constantLabels on every line: {@code controller_class}, {@code controller_namespace}, {@code controller_pod}
     */
    public PrometheusText(Map<String, String> constantLabels) {
        this.constantLabels = new TreeMap<>(constantLabels);
    }

    public String write(Reading reading) {
        List<Line> lines = lines(reading);
        header("requests", "counter", "The total number of client requests");
        lines.forEach(line -> sample("requests", line.labels, Long.toString(line.row[Measure.REQUESTS])));
        for (Measure measure : Measure.ALL) {
            header(measure.metric(), "histogram", measure.help());
            lines.forEach(line -> histogram(measure, line));
        }
        return text.toString();
    }

    private List<Line> lines(Reading reading) {
        List<Line> lines = new ArrayList<>();
        reading.entries().forEach((series, entry) -> {
            if (!series.equals(Series.UNROUTED)) {
                entry.rows.forEach((key, row) -> lines.add(new Line(labels(series, key), row)));
            }
        });
        lines.sort(Comparator.comparing(Line::labels));
        return lines;
    }

    private String labels(Series series, Reading.Key key) {
        Map<String, String> labels = new TreeMap<>(constantLabels);
        labels.put("canary", series.canary());
        labels.put("host", series.host());
        labels.put("ingress", series.ingress());
        labels.put("method", key.method().name());
        labels.put("namespace", series.namespace());
        labels.put("path", series.path());
        labels.put("service", series.service());
        labels.put("status", Integer.toString(key.status()));
        StringBuilder joined = new StringBuilder();
        labels.forEach((name, value) -> joined.append(joined.isEmpty() ? "" : ",")
                .append(name)
                .append("=\"")
                .append(escaped(value))
                .append('"'));
        return joined.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private void header(String metric, String type, String help) {
        text.append("# HELP ")
                .append(PREFIX)
                .append(metric)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE ")
                .append(PREFIX)
                .append(metric)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private void histogram(Measure measure, Line line) {
        Buckets buckets = measure.buckets();
        List<Double> limits = buckets.limits();
        long below = 0;
        for (int i = 0; i < buckets.count(); i++) {
            below += line.row[measure.bucket(i)];
            String limit = i < limits.size() ? number(limits.get(i)) : "+Inf";
            sample(measure.metric() + "_bucket", line.labels + ",le=\"" + limit + '"', Long.toString(below));
        }
        if (below > 0 || measure == Measure.REQUEST_DURATION) {
            sample(measure.metric() + "_sum", line.labels, number(buckets.inUnit(line.row[measure.sum()])));
            sample(measure.metric() + "_count", line.labels, Long.toString(below));
        }
    }

    /** As Go's client writes it: {@code 0.005}, {@code 1}, {@code 1e+06}. */
    private static String number(double value) {
        if (value >= 1e6 && value == Math.rint(value) && Math.log10(value) == Math.rint(Math.log10(value))) {
            return String.format(Locale.ROOT, "1e+%02d", Math.round(Math.log10(value)));
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void sample(String metric, String labels, String value) {
        text.append(PREFIX)
                .append(metric)
                .append('{')
                .append(labels)
                .append("} ")
                .append(value)
                .append('\n');
    }
}
