package dev.linnet.controller.release;

import dev.linnet.controller.route.Routes;
import dev.linnet.manifests.flagger.CanaryIngress;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which objects concern which Canaries, so that a change of one wakes those and no others. */
final class Interest {
    private final Map<ResourceID, Set<Thing>> things = new HashMap<>();
    private final Map<Thing, Set<ResourceID>> canaries = new HashMap<>();

    /** @param kind in small letters */
    private record Thing(String kind, String namespace, String name) {
        boolean isConfig() {
            return kind.equals("configmap") || kind.equals("secret");
        }
    }

    /** What a Canary names. To be told before any of it is read, so that no change is missed. */
    synchronized void in(ResourceID canary, CanaryPlan plan, List<Routes.Followed> routes) {
        Names names = plan.release().names();
        String kind = small(plan.release().kind().toString());
        Set<Thing> wanted = new HashSet<>();
        wanted.add(new Thing(kind, names.namespace(), names.target()));
        wanted.add(new Thing(kind, names.namespace(), names.target() + "-primary"));
        // Who applies the one that callers use again leads them to a target that rests.
        for (String end : List.of("", "-primary", "-canary")) {
            wanted.add(new Thing("service", names.namespace(), names.service() + end));
        }
        routes.forEach(route -> wanted.add(new Thing(route.kind().fullName(), names.namespace(), route.name())));
        plan.ingress().ifPresent(ingress -> {
            wanted.add(new Thing("ingress", names.namespace(), ingress));
            wanted.add(new Thing("ingress", names.namespace(), CanaryIngress.name(ingress)));
        });
        things.getOrDefault(canary, Set.of()).stream().filter(Thing::isConfig).forEach(wanted::add);
        replace(canary, wanted);
    }

    /**
     * What its target reads besides.
     *
     * @param configs ConfigMaps and Secrets, as {@code configmap/name} or {@code secret/name}
     * @return whether there is anything new among them, which may have changed since it was read
     */
    synchronized boolean in(ResourceID canary, String namespace, List<String> configs) {
        Set<Thing> before = things.getOrDefault(canary, Set.of());
        Set<Thing> wanted = new HashSet<>(before);
        wanted.removeIf(Thing::isConfig);
        for (String config : configs) {
            int slash = config.indexOf('/');
            wanted.add(new Thing(config.substring(0, slash), namespace, config.substring(slash + 1)));
        }
        replace(canary, wanted);
        return !before.containsAll(wanted);
    }

    private void replace(ResourceID canary, Set<Thing> wanted) {
        Set<Thing> before = things.getOrDefault(canary, Set.of());
        if (wanted.equals(before)) {
            return;
        }
        drop(canary, before);
        // Nearly all belong to one Canary: sets of exactly what is in them are a tenth as large.
        things.put(canary, Set.copyOf(wanted));
        wanted.forEach(thing -> canaries.merge(thing, Set.of(canary), Interest::both));
    }

    private static Set<ResourceID> both(Set<ResourceID> some, Set<ResourceID> more) {
        Set<ResourceID> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    synchronized void forget(ResourceID canary) {
        Set<Thing> before = things.remove(canary);
        if (before != null) {
            drop(canary, before);
        }
    }

    private void drop(ResourceID canary, Set<Thing> dropped) {
        for (Thing thing : dropped) {
            canaries.computeIfPresent(thing, (_, all) -> {
                Set<ResourceID> others = new HashSet<>(all);
                others.remove(canary);
                return others.isEmpty() ? null : Set.copyOf(others);
            });
        }
    }

    synchronized Set<ResourceID> of(String kind, ObjectMeta object) {
        Thing thing = new Thing(small(kind), object.getNamespace(), object.getName());
        return canaries.getOrDefault(thing, Set.of());
    }

    private static String small(String kind) {
        return kind.toLowerCase(Locale.ROOT);
    }
}
