package dev.linnet.gateway.ops;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import dev.linnet.numbers.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What this process costs (spec of ingress-nginx, §6.2). What the system does not tell is left out. */
public final class ProcessMetrics implements MetricSource {
    private static final String PREFIX = "nginx_process_";
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path IO = Path.of("/proc/self/io");
    private static final long KIBIBYTE = 1024;

    private final Supplier<Reading> readings;

    public ProcessMetrics(Supplier<Reading> readings) {
        this.readings = readings;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        ProcessHandle.Info self = ProcessHandle.current().info();
        page.single(PREFIX + "requests_total", MetricType.COUNTER, "total number of client requests", (double)
                readings.get().requests());
        page.single(PREFIX + "num_procs", MetricType.GAUGE, "number of processes", 1);
        page.single(
                PREFIX + "cpu_seconds_total",
                MetricType.COUNTER,
                "Cpu usage in seconds",
                self.totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0);
        page.single(
                PREFIX + "oldest_start_time_seconds",
                MetricType.GAUGE,
                "start time in seconds since 1970/01/01",
                (double) self.startInstant().orElse(Instant.EPOCH).getEpochSecond());
        show(page, "resident_memory_bytes", MetricType.GAUGE, number(STATUS, "VmRSS:"), KIBIBYTE);
        show(page, "virtual_memory_bytes", MetricType.GAUGE, number(STATUS, "VmSize:"), KIBIBYTE);
        show(page, "read_bytes_total", MetricType.COUNTER, number(IO, "rchar:"), 1);
        show(page, "write_bytes_total", MetricType.COUNTER, number(IO, "wchar:"), 1);
    }

    private static void show(PrometheusPage page, String name, MetricType type, OptionalLong value, long unit) {
        if (value.isPresent()) {
            page.single(PREFIX + name, type, "number of bytes", (double) (value.getAsLong() * unit));
        }
    }

    private static OptionalLong number(Path file, String field) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }
}
