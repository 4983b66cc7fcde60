package dev.linnet.numbers;

import dev.linnet.numbers.Layout.Histogram;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A page in Prometheus' text format: under ingress-nginx's prefix and constant labels, so that dashboards and alerts keep working, or plain. */
public final class PrometheusPage {
    /** What all names of ingress-nginx begin with. */
    public static final String PREFIX = "nginx_ingress_controller_";

    /** What names begin with that ingress-nginx does not have. */
    public static final String OURS = "linnet_";

    private final String prefix;
    private final Map<String, String> constantLabels;
    private final StringBuilder text = new StringBuilder(4096);

    /** What Istio's names begin with. */
    public static final String ISTIOS = "istio_";

    /** What the samples of a family are. */
    public enum MetricType {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** An empty page on which names stand as they are. */
    public static PrometheusPage plain(Map<String, String> constantLabels) {
        return new PrometheusPage("", constantLabels);
    }

    /**
     * An empty page.
     *
     * @param constantLabels on every line: {@code controller_class}, {@code controller_namespace}, {@code controller_pod}
     */
    public PrometheusPage(Map<String, String> constantLabels) {
        this(PREFIX, constantLabels);
    }

    private PrometheusPage(String prefix, Map<String, String> constantLabels) {
        this.prefix = prefix;
        this.constantLabels = new TreeMap<>(constantLabels);
    }

    /** Begins a family; its samples follow. Names are without {@link #PREFIX}, or begin with {@link #OURS} or {@link #ISTIOS}. */
    public void family(String name, MetricType type, String help) {
        text.append("# HELP ").append(whole(name)).append(' ').append(help);
        text.append("\n# TYPE ").append(whole(name)).append(' ');
        text.append(type.name().toLowerCase(Locale.ROOT)).append('\n');
    }

    private String whole(String name) {
        return name.startsWith(OURS) || name.startsWith(ISTIOS) ? name : prefix + name;
    }

    /** A family that has one sample and no labels of its own. */
    public void single(String name, MetricType type, String help, double value) {
        family(name, type, help);
        sample(name, Map.of(), value);
    }

    public void sample(String name, Map<String, String> labels, double value) {
        line(name, joined(labels), number(value));
    }

    /** A sample whose labels were {@link #joined} before. */
    void line(String name, String labels, String value) {
        text.append(whole(name));
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    /**
     * The samples of one series of a histogram.
     *
     * @param labels {@link #joined} before, at least one
     * @param unit   what one of the histogram's units is on the page
     */
    void histogram(String name, Histogram histogram, double unit, String labels, long[] row) {
        long below = 0;
        for (int i = 0; i < histogram.buckets(); i++) {
            below += row[histogram.bucket(i)];
            String limit =
                    i < histogram.limits().size() ? number(histogram.limits().get(i) * unit) : "+Inf";
            line(name + "_bucket", labels + ",le=\"" + limit + '"', Long.toString(below));
        }
        line(name + "_sum", labels, number(histogram.shown(row[histogram.sum()]) * unit));
        line(name + "_count", labels, Long.toString(below));
    }

    /** Labels with the constant ones, in alphabetical order, as they are written between braces. */
    String joined(Map<String, String> labels) {
        Map<String, String> all = new TreeMap<>(constantLabels);
        all.putAll(labels);
        StringBuilder joined = new StringBuilder();
        all.forEach((name, value) -> joined.append(joined.isEmpty() ? "" : ",")
                .append(name)
                .append("=\"")
                .append(escaped(value))
                .append('"'));
        return joined.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** As Go's client writes it: {@code 0.005}, {@code 1}, {@code 1e+06}. */
    public static String number(double value) {
        if (value >= 1e6 && value == Math.rint(value) && Math.log10(value) == Math.rint(Math.log10(value))) {
            return String.format(Locale.ROOT, "1e+%02d", Math.round(Math.log10(value)));
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** What was written so far. */
    public String text() {
        return text.toString();
    }
}
