package dev.linnet.benchmarks;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the local cluster's API costs: writes, lists and watches of many objects, and a start with what is stored. Objects are ConfigMaps of 1 kB. */
final class ApiFigures {
    private static final int STORED = 5_000;
    private static final int MANY = 10_000;
    private static final int WRITERS = 16;
    private static final int LISTS = 10;
    private static final int CHANGES = 500;
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String FILLING = "x".repeat(1_000);

    private final Path folder;

    ApiFigures(Path folder) {
        this.folder = folder;
    }

    void print(PrintStream out) throws Exception {
        Path directory = folder.resolve("api");
        try (Up up = new Up(directory)) {
            double perSecond = create(up.client, 0, STORED);
            figure(out, "durable creates, %d in flight, of %d".formatted(WRITERS, STORED), "%.0f /s", perSecond);
        }
        try (Up up = new Up(directory)) {
            figure(
                    out,
                    "`up` with %d stored objects, process start to ready".formatted(STORED),
                    "%.2f s",
                    up.readySeconds);
            double perSecond = create(up.client, STORED, MANY);
            figure(
                    out,
                    "durable creates, %d in flight, of %d more".formatted(WRITERS, MANY - STORED),
                    "%.0f /s",
                    perSecond);
            measureLists(up.client, out);
            measureWatch(up.client, out);
            figure(out, "resident memory with %d stored objects".formatted(MANY), "%.0f MB", (double)
                    Machine.residentMegabytes(up.process.toHandle()));
        }
    }

    private static void figure(PrintStream out, String what, String format, double value) {
        out.printf(Locale.ROOT, "| %s | " + format + " |%n", what, value);
    }

    /** @return how many a second */
    private static double create(KubernetesClient client, int from, int to) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(from);
        long begin = System.nanoTime();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = IntStream.range(0, WRITERS)
                    .mapToObj(_ -> CompletableFuture.runAsync(() -> createUpTo(client, next, to), writers))
                    .toList();
            all.forEach(CompletableFuture::join);
        }
        return (to - from) / seconds(begin);
    }

    private static void createUpTo(KubernetesClient client, AtomicInteger next, int to) {
        for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
            client.raw(MAPS, "POST", map(i));
        }
    }

    private static Map<String, Object> map(int number) {
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", "map-" + number),
                "data",
                Map.of("filling", FILLING));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void measureLists(KubernetesClient client, PrintStream out) {
        double[] millis = new double[LISTS];
        for (int i = 0; i < LISTS; i++) {
            long begin = System.nanoTime();
            int length = client.raw(MAPS).length();
            millis[i] = seconds(begin) * 1e3;
            if (length < MANY * FILLING.length()) {
                throw new IllegalStateException("a list of " + length + " characters is too short");
            }
        }
        figure(out, "list of %d objects, median of %d".formatted(MANY, LISTS), "%.0f ms", Ratio.median(millis));
    }

    /** From the start of an informer until it knows all, and from a write's answer until the informer has seen it. */
    private static void measureWatch(KubernetesClient client, PrintStream out) throws Exception {
        Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();
        long begin = System.nanoTime();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").inform(new Seen(awaited))) {
            figure(out, "informer in step with %d objects".formatted(MANY), "%.2f s", seconds(begin));
            double[] millis = new double[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                String value = "change-" + i;
                CountDownLatch seen = new CountDownLatch(1);
                awaited.put(value, seen);
                client.configMaps().inNamespace("default").withName("map-" + i).edit(map -> {
                    map.getData().put("change", value);
                    return map;
                });
                long answered = System.nanoTime();
                if (!seen.await(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            "an informer of " + informer.getApiTypeClass() + " missed " + value);
                }
                millis[i] = seconds(answered) * 1e3;
            }
            Arrays.sort(millis);
            figure(
                    out,
                    "write to informer, after the write's answer, p50 of %d".formatted(CHANGES),
                    "%.2f ms",
                    millis[CHANGES / 2]);
            figure(out, "the same, p99", "%.2f ms", millis[CHANGES * 99 / 100]);
        }
    }

    private record Seen(Map<String, CountDownLatch> awaited) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {}

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            CountDownLatch latch = awaited.remove(after.getData().getOrDefault("change", ""));
            if (latch != null) {
                latch.countDown();
            }
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {}
    }
}
