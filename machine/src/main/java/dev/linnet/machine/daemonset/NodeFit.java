package dev.linnet.machine.daemonset;

import dev.linnet.machine.scheduler.NodeTerms;
import dev.linnet.machine.scheduler.Taints;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.List;

/** Which nodes a DaemonSet means. */
final class NodeFit {
    /** A daemon belongs to its node whatever state that is in, so Kubernetes adds these to each of its Pods. */
    private static final List<Toleration> ANY_STATE = List.of(
            toleration("not-ready", "NoExecute"),
            toleration("unreachable", "NoExecute"),
            toleration("disk-pressure", "NoSchedule"),
            toleration("memory-pressure", "NoSchedule"),
            toleration("pid-pressure", "NoSchedule"),
            toleration("unschedulable", "NoSchedule"));

    private static final Toleration NO_SCHEDULE = new TolerationBuilder()
            .withOperator("Exists")
            .withEffect("NoSchedule")
            .build();

    private NodeFit() {}

    private static Toleration toleration(String condition, String effect) {
        return new TolerationBuilder()
                .withKey("node.kubernetes.io/" + condition)
                .withOperator("Exists")
                .withEffect(effect)
                .build();
    }

    /** The spec of the Pod for a node. It is bound at once: there is nothing to choose, not even on a cordoned node. */
    static PodSpec spec(DaemonSet set, String node) {
        PodSpec template = set.getSpec().getTemplate().getSpec();
        return new PodSpecBuilder(template)
                .withNodeName(node)
                .addAllToTolerations(ANY_STATE.stream()
                        .filter(each -> !template.getTolerations().contains(each))
                        .toList())
                .build();
    }

    /** A new Pod belongs there. */
    static boolean wants(DaemonSet set, Node node) {
        Pod pod = pod(set, node);
        return isNamed(set, node)
                && NodeTerms.allow(pod, node)
                && Taints.forbidding(pod, node).isEmpty();
    }

    /** A Pod that is there may stay: taints that only keep new ones away do not drive it out. */
    static boolean keeps(DaemonSet set, Node node) {
        Pod pod = new PodBuilder(pod(set, node))
                .editSpec()
                .addToTolerations(NO_SCHEDULE)
                .endSpec()
                .build();
        return isNamed(set, node)
                && NodeTerms.allow(pod, node)
                && Taints.forbidding(pod, node).isEmpty();
    }

    private static boolean isNamed(DaemonSet set, Node node) {
        String name = set.getSpec().getTemplate().getSpec().getNodeName();
        return name == null || name.isEmpty() || name.equals(node.getMetadata().getName());
    }

    private static Pod pod(DaemonSet set, Node node) {
        return new PodBuilder()
                .withSpec(spec(set, node.getMetadata().getName()))
                .build();
    }
}
