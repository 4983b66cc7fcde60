package dev.linnet.machine.node.stats;

import dev.linnet.machine.node.stats.Reading.Rate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A reading in the form of kubelet's {@code /stats/summary}, as far as containers without a cgroup have something to tell. {@code window} is ours.
 *
 * @param node whose Pods it tells of; it uses what they use together, since nodes share their machine and its rest
 */
record Summary(String node, Reading reading) {

    Map<String, Object> tree() {
        Map<MeasuredContainer.Pod, Map<String, Rate>> pods = new LinkedHashMap<>();
        reading.containers().forEach((container, rate) -> {
            if (container.pod().node().equals(node)) {
                pods.computeIfAbsent(container.pod(), _ -> new TreeMap<>()).put(container.name(), rate);
            }
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", with(Map.of("nodeName", node), sum(pods)));
        tree.put("window", Math.max(1, reading.window().toSeconds()) + "s");
        List<Object> shown = new ArrayList<>();
        pods.forEach((pod, containers) -> shown.add(pod(pod, containers)));
        tree.put("pods", shown);
        return tree;
    }

    private static Rate sum(Map<MeasuredContainer.Pod, Map<String, Rate>> pods) {
        return pods.values().stream()
                .flatMap(containers -> containers.values().stream())
                .reduce(
                        new Rate(0, new Usage(Duration.ZERO, 0)),
                        (one, other) -> new Rate(
                                one.nanoCores() + other.nanoCores(), one.now().plus(other.now())));
    }

    private Map<String, Object> pod(MeasuredContainer.Pod pod, Map<String, Rate> containers) {
        List<Object> shown = new ArrayList<>();
        containers.forEach((name, rate) -> shown.add(with(Map.of("name", name), rate)));
        return Map.of(
                "podRef", Map.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                "startTime", pod.startedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                "containers", shown);
    }

    private Map<String, Object> with(Map<String, Object> names, Rate rate) {
        String time = reading.at().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, Object> shown = new LinkedHashMap<>(names);
        shown.put(
                "cpu",
                Map.of(
                        "time", time,
                        "usageNanoCores", rate.nanoCores(),
                        "usageCoreNanoSeconds", rate.now().cpu().toNanos()));
        shown.put(
                "memory",
                Map.of(
                        "time", time,
                        "workingSetBytes", rate.now().memory(),
                        "rssBytes", rate.now().memory()));
        return shown;
    }
}
