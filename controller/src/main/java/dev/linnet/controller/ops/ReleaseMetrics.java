package dev.linnet.controller.ops;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Progress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Flagger's metrics of all Canaries, under its names. As there, {@code name} is the target's. Series of a Canary go with it, which Flagger
 * forgets, and a namespace that has become empty shows 0.
 */
public final class ReleaseMetrics implements MetricSource {
    private final String version;
    private final String provider;
    private final LongSupplier nanoTime;
    private final Map<String, CanaryNumbers> canaries = new TreeMap<>();
    private final TreeSet<String> namespaces = new TreeSet<>();

    /**
     * Of nobody yet.
     *
     * @param provider routes where a Canary names none
     */
    public ReleaseMetrics(String version, String provider, LongSupplier nanoTime) {
        this.version = version;
        this.provider = provider;
        this.nanoTime = nanoTime;
    }

    /** Somebody begins to look at a release; what it takes from here to the act that ends a check is that check's time. */
    public synchronized void looks(Names names) {
        of(names).begin(nanoTime.getAsLong());
    }

    /** What a check has measured. */
    public synchronized void measured(Names names, List<MetricCheck> checks, List<MetricValue> values) {
        CanaryNumbers canary = of(names);
        for (int i = 0; i < checks.size(); i++) {
            if (values.get(i) instanceof MetricValue.Value(double value)) {
                canary.measured(checks.get(i), value);
            }
        }
    }

    /** How far a release is after an act. */
    public synchronized void acted(Release release, Progress progress) {
        of(release.names()).acted(release, progress, nanoTime.getAsLong());
    }

    /** The Canary is gone. */
    public synchronized void forget(String namespace, String canary) {
        canaries.remove(namespace + "/" + canary);
    }

    private CanaryNumbers of(Names names) {
        namespaces.add(names.namespace());
        return canaries.computeIfAbsent(names.namespace() + "/" + names.canary(), _ -> new CanaryNumbers(names));
    }

    @Override
    public synchronized void writeTo(PrometheusPage page) {
        page.family("flagger_info", MetricType.GAUGE, "Flagger version and mesh provider information");
        page.sample("flagger_info", Map.of("version", version, "mesh_provider", provider), 1);
        page.family("flagger_canary_total", MetricType.GAUGE, "Total number of canary object by namespace");
        for (String namespace : namespaces) {
            long count = canaries.keySet().stream()
                    .filter(canary -> canary.startsWith(namespace + "/"))
                    .count();
            page.sample("flagger_canary_total", Map.of("namespace", namespace), (double) count);
        }
        page.family(
                "flagger_canary_status",
                MetricType.GAUGE,
                "Last canary analysis status, different than 1 if the analysis is running or failed");
        canaries.values().forEach(canary -> canary.writeStatus(page));
        page.family("flagger_canary_weight", MetricType.GAUGE, "The virtual service destination weight current value");
        canaries.values().forEach(canary -> canary.writeWeight(page));
        page.family(
                "flagger_canary_duration_seconds", MetricType.HISTOGRAM, "Seconds spent performing canary analysis.");
        canaries.values().forEach(canary -> canary.writeDurations(page));
        page.family("flagger_canary_metric_analysis", MetricType.GAUGE, "Last canary analysis result per metric");
        canaries.values().forEach(canary -> canary.writeMeasured(page));
        page.family("flagger_canary_successes_total", MetricType.COUNTER, "Total number of canary successes");
        canaries.values().forEach(canary -> canary.writeSuccesses(page));
        page.family("flagger_canary_failures_total", MetricType.COUNTER, "Total number of canary failures");
        canaries.values().forEach(canary -> canary.writeFailures(page));
    }
}
