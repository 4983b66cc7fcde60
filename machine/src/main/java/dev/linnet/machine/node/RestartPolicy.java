package dev.linnet.machine.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;

/** When a container is started again after it has ended. */
enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** What a Pod says about its containers. */
    static RestartPolicy of(Pod pod) {
        String policy = pod.getSpec().getRestartPolicy();
        if (policy == null) {
            return ALWAYS;
        }
        return switch (policy) {
            case "OnFailure" -> ON_FAILURE;
            case "Never" -> NEVER;
            default -> ALWAYS;
        };
    }

    /** What it means for init containers, which must succeed once. */
    RestartPolicy forInit() {
        return this == NEVER ? NEVER : ON_FAILURE;
    }

    /** Whether this init container is a sidecar: it is started in its turn and then stays. */
    static boolean isSidecar(Container init) {
        return "Always".equals(init.getRestartPolicy());
    }

    boolean restartsAfter(int exitCode) {
        return switch (this) {
            case ALWAYS -> true;
            case ON_FAILURE -> exitCode != 0;
            case NEVER -> false;
        };
    }
}
