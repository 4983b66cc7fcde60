package dev.linnet.controller.release;

import dev.linnet.manifests.flagger.CanaryIngress;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which objects concern which Canaries, so that a change of one wakes those and no others. */
final class Interest {
    private final Map<ResourceID, Set<Thing>> things = new ConcurrentHashMap<>();

    private record Thing(String kind, String namespace, String name) {}

    void in(ResourceID canary, CanaryPlan plan) {
        Names names = plan.release().names();
        Set<Thing> wanted = new HashSet<>();
        wanted.add(new Thing("Deployment", names.namespace(), names.target()));
        wanted.add(new Thing("Deployment", names.namespace(), names.target() + "-primary"));
        plan.ingress().ifPresent(ingress -> {
            wanted.add(new Thing("Ingress", names.namespace(), ingress));
            wanted.add(new Thing("Ingress", names.namespace(), CanaryIngress.name(ingress)));
        });
        things.put(canary, wanted);
    }

    void forget(ResourceID canary) {
        things.remove(canary);
    }

    Set<ResourceID> of(HasMetadata object) {
        Thing thing = new Thing(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
        Set<ResourceID> concerned = new HashSet<>();
        things.forEach((canary, wanted) -> {
            if (wanted.contains(thing)) {
                concerned.add(canary);
            }
        });
        return concerned;
    }
}
