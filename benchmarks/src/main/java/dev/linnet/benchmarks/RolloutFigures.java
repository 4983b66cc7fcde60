package dev.linnet.benchmarks;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What many Canaries cost a {@code linnet controller}: memory and CPU while nothing is released, and how exactly steps last when many are
 * released at once. The API is ours, in this JVM, and so are the Deployments, which are always ready; the controller is a process of its own.
 */
final class RolloutFigures {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final double AT_REST_CPU_SECONDS = 0.5;
    private static final ResourceDefinitionContext CANARIES = new ResourceDefinitionContext.Builder()
            .withGroup("flagger.app")
            .withVersion("v1beta1")
            .withKind("Canary")
            .withPlural("canaries")
            .withNamespaced(true)
            .build();

    private final Path folder;
    private final List<Integer> sizes;
    private final int progressing;
    private final Duration idle;

    /** @throws IllegalArgumentException if an option is not known */
    RolloutFigures(Path folder, List<String> arguments) {
        Options options = new Options(arguments, Set.of("--canaries", "--progressing", "--seconds"));
        List<Integer> asked =
                options.all("--canaries").stream().map(Integer::valueOf).toList();
        this.folder = folder;
        this.sizes = asked.isEmpty() ? List.of(500, 1_000, 5_000) : asked;
        this.progressing = options.number("--progressing", 500);
        this.idle = Duration.ofSeconds(options.number("--seconds", 60));
    }

    void print(PrintStream out) throws Exception {
        out.printf(
                "%s%n%n| canaries | all initialized after | resident MB, idle | CPU s per minute, idle | released at once | steps | step of %d s off by, p50 | p99 | most | resident MB after |%n|---|---|---|---|---|---|---|---|---|---|%n",
                Machine.words(), ManyCanaries.INTERVAL_SECONDS);
        for (int size : sizes) {
            row(out, size);
        }
    }

    private void row(PrintStream out, int size) throws Exception {
        try (ManyCanaries api = new ManyCanaries(folder.resolve("canaries-" + size), size)) {
            Steps steps = new Steps();
            try (SharedIndexInformer<GenericKubernetesResource> _ = api.client()
                    .genericKubernetesResources(CANARIES)
                    .inNamespace("default")
                    .inform(steps)) {
                Process controller = start(api);
                try {
                    measure(out, new Subject(size, api, steps, controller));
                } finally {
                    Commands.stop(controller);
                }
            }
        }
    }

    private record Subject(int size, ManyCanaries api, Steps steps, Process controller) {}

    private Process start(ManyCanaries api) throws IOException {
        return new ProcessBuilder("./linnet", "controller", "--kubeconfig", api.kubeconfig())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("controller.log").toFile())
                .start();
    }

    private void measure(PrintStream out, Subject subject) throws Exception {
        ProcessHandle controller = subject.controller.toHandle();
        long begin = System.nanoTime();
        subject.steps.await(phase -> phase.equals("Initialized"), subject.size);
        double initialized = (System.nanoTime() - begin) / 1e9;
        awaitRest(controller);
        double before = Machine.cpuSeconds(controller);
        Thread.sleep(idle);
        double cpu = (Machine.cpuSeconds(controller) - before) * 60 / idle.toSeconds();
        long resident = Machine.residentMegabytes(controller);
        int released = Math.min(progressing, subject.size);
        subject.api.release(released);
        subject.steps.await(phase -> phase.equals("Succeeded"), released);
        double[] off = subject.steps.off();
        out.printf(
                Locale.ROOT,
                "| %d | %.0f s | %d | %.2f | %d | %d | %.2f s | %.2f s | %.2f s | %d |%n",
                subject.size,
                initialized,
                resident,
                cpu,
                released,
                off.length,
                off[off.length / 2],
                off[off.length * 99 / 100],
                off[off.length - 1],
                Machine.residentMegabytes(controller));
        out.flush();
    }

    /** The last words are said some seconds after the last phase is shown. */
    private static void awaitRest(ProcessHandle controller) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        double last = -1;
        double now = Machine.cpuSeconds(controller);
        while (now - last > AT_REST_CPU_SECONDS && System.nanoTime() < end) {
            Thread.sleep(REST);
            last = now;
            now = Machine.cpuSeconds(controller);
        }
    }

    /** When each Canary showed which weight. A dwell is the time between two of them within a run. */
    private static final class Steps implements ResourceEventHandler<GenericKubernetesResource> {
        private final Map<String, String> phases = new HashMap<>();
        private final Map<String, Integer> weights = new HashMap<>();
        private final Map<String, Long> since = new HashMap<>();
        private final List<Double> off = new ArrayList<>();

        @Override
        public void onAdd(GenericKubernetesResource canary) {
            see(canary);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            see(now);
        }

        @Override
        public void onDelete(GenericKubernetesResource canary, boolean unknown) {}

        private synchronized void see(GenericKubernetesResource canary) {
            if (!(canary.getAdditionalProperties().get("status") instanceof Map<?, ?> status)) {
                return;
            }
            String name = canary.getMetadata().getName();
            phases.put(name, String.valueOf(status.get("phase")));
            int weight = status.get("canaryWeight") instanceof Number number ? number.intValue() : 0;
            int last = weights.getOrDefault(name, 0);
            weights.put(name, weight);
            long now = System.nanoTime();
            if (weight > last && last > 0) {
                double dwell = (now - since.getOrDefault(name, now)) / 1e9;
                off.add(Math.abs(dwell - ManyCanaries.INTERVAL_SECONDS));
            }
            if (weight != last) {
                since.put(name, now);
            }
        }

        private synchronized long count(Predicate<String> phase) {
            return phases.values().stream().filter(phase).count();
        }

        private void await(Predicate<String> phase, long number) throws InterruptedException, IOException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (count(phase) < number) {
                if (System.nanoTime() > end) {
                    throw new IOException("only " + count(phase) + " of " + number + " Canaries got so far");
                }
                Thread.sleep(200);
            }
        }

        private synchronized double[] off() {
            return off.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        }
    }
}
