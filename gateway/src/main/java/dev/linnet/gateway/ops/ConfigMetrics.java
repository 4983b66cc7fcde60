package dev.linnet.gateway.ops;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.Map;

/** What is in force, in the words of a proxy that reloads (spec of ingress-nginx, §6.3): a reload is a table that is put in force. */
public final class ConfigMetrics implements MetricSource {
    private final Watched watched;

    public ConfigMetrics(Watched watched) {
        this.watched = watched;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        Watched.Changes changes = watched.changes();
        page.single("config_hash", MetricType.GAUGE, "Running configuration hash actually running", (double)
                Integer.toUnsignedLong(watched.applied().hashCode()));
        page.single(
                "config_last_reload_successful",
                MetricType.GAUGE,
                "Whether the last configuration reload attempt was successful",
                changes.lastFailed() ? 0 : 1);
        page.single(
                "config_last_reload_successful_timestamp_seconds",
                MetricType.GAUGE,
                "Timestamp of the last successful configuration reload.",
                (double) changes.lastAt().getEpochSecond());
        page.single("success", MetricType.COUNTER, "Cumulative number of Ingress controller reload operations", (double)
                changes.successes());
        page.single(
                "errors",
                MetricType.COUNTER,
                "Cumulative number of Ingress controller errors during reload operations",
                (double) changes.failures());
        page.family(
                "build_info",
                MetricType.GAUGE,
                "A metric with a constant '1' labeled with information about the build.");
        page.sample("build_info", Map.of("build", "", "release", release(), "repository", "linnet.dev"), 1);
    }

    private static String release() {
        String version = ConfigMetrics.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
