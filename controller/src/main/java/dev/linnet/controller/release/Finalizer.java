package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Writes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes a Canary wait until everything has been given back. It is Flagger's, so that either controller can take it off. */
final class Finalizer {
    static final String NAME = "finalizer.flagger.app";

    private Finalizer() {}

    static void set(KubernetesClient client, Canary canary, boolean wanted) throws Changed {
        List<String> now = Objects.requireNonNullElse(canary.getMetadata().getFinalizers(), List.<String>of());
        if (now.contains(NAME) == wanted) {
            return;
        }
        List<String> then = new ArrayList<>(now);
        if (wanted) {
            then.add(NAME);
        } else {
            then.remove(NAME);
        }
        var patch = Writes.nothing();
        ArrayNode finalizers = patch.putObject("metadata").putArray("finalizers");
        then.forEach(finalizers::add);
        Writes.patch(client, canary, patch);
    }
}
