package dev.linnet.machine.scheduler;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which nodes Pods are kept away from. */
public final class Taints {

    private static final String PREFER = "PreferNoSchedule";

    private Taints() {}

    /** The first taint that keeps this Pod away. */
    public static Optional<Taint> forbidding(Pod pod, Node node) {
        return taints(node).stream()
                .filter(taint -> !PREFER.equals(taint.getEffect()))
                .filter(taint -> !isTolerated(taint, pod))
                .findFirst();
    }

    /** How many taints would rather keep this Pod away. */
    static long discouraging(Pod pod, Node node) {
        return taints(node).stream()
                .filter(taint -> PREFER.equals(taint.getEffect()))
                .filter(taint -> !isTolerated(taint, pod))
                .count();
    }

    private static List<Taint> taints(Node node) {
        return node.getSpec() == null ? List.of() : node.getSpec().getTaints();
    }

    private static boolean isTolerated(Taint taint, Pod pod) {
        return pod.getSpec().getTolerations().stream().anyMatch(toleration -> tolerates(toleration, taint));
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        String effect = text(toleration.getEffect());
        if (!effect.isEmpty() && !effect.equals(taint.getEffect())) {
            return false;
        }
        String key = text(toleration.getKey());
        boolean exists = "Exists".equals(toleration.getOperator());
        if (key.isEmpty()) {
            return exists;
        }
        return key.equals(taint.getKey())
                && (exists || text(toleration.getValue()).equals(text(taint.getValue())));
    }

    /** {@code {key: value}}, as the scheduler prints a taint. */
    static String print(Taint taint) {
        return "{" + taint.getKey() + ": " + text(taint.getValue()) + "}";
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
