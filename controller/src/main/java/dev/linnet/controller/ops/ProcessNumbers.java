package dev.linnet.controller.ops;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.time.Duration;
import java.time.Instant;

/** What this process costs, under the names that all of Prometheus' clients use. */
final class ProcessNumbers implements MetricSource {

    @Override
    public void writeTo(PrometheusPage page) {
        ProcessHandle.Info self = ProcessHandle.current().info();
        page.single(
                "process_cpu_seconds_total",
                MetricType.COUNTER,
                "Total user and system CPU time spent in seconds.",
                self.totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0);
        page.single(
                "process_start_time_seconds",
                MetricType.GAUGE,
                "Start time of the process since unix epoch in seconds.",
                (double) self.startInstant().orElse(Instant.EPOCH).getEpochSecond());
        Runtime runtime = Runtime.getRuntime();
        page.single("jvm_memory_used_bytes", MetricType.GAUGE, "Bytes of the heap in use.", (double)
                (runtime.totalMemory() - runtime.freeMemory()));
    }
}
