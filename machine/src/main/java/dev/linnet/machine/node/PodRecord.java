package dev.linnet.machine.node;

import dev.linnet.machine.control.Key;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.concurrent.atomic.AtomicReference;

/** What is known of a Pod, from its watch and from answers to our own writes, whichever is newer. */
final class PodRecord {

    private final Key key;
    private final String uid;
    private final AtomicReference<Pod> latest;

    PodRecord(Pod pod) {
        this.key = Key.of(pod);
        this.uid = pod.getMetadata().getUid();
        this.latest = new AtomicReference<>(pod);
    }

    Key key() {
        return key;
    }

    /** What tells it from another Pod of the same name. */
    String uid() {
        return uid;
    }

    Pod pod() {
        return latest.get();
    }

    void offer(Pod pod) {
        latest.accumulateAndGet(pod, (known, offered) -> version(offered) >= version(known) ? offered : known);
    }

    /** Kubernetes has promised since 1.35 what has always been so: versions are numbers that grow. */
    private static long version(Pod pod) {
        try {
            return Long.parseUnsignedLong(pod.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean isDeleted() {
        return pod().getMetadata().getDeletionTimestamp() != null;
    }
}
