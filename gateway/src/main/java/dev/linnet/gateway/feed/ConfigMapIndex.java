package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.FollowedObject.Identity;
import dev.linnet.manifests.ingress.ConfigMaps;
import dev.linnet.manifests.ingress.GlobalOptions;
import dev.linnet.manifests.ingress.GlobalOptionsReader;
import dev.linnet.manifests.ingress.GlobalOptionsReader.Reading;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ConfigMap of global options, and those that it or an Ingress names. Used by one thread. */
final class ConfigMapIndex implements ConfigMaps {
    private final Optional<ObjectRef> global;
    private final Map<ObjectRef, Entry> entries = new HashMap<>();
    private Reading reading = Reading.NOTHING;

    private record Entry(Map<String, String> data, Identity identity) {}

    ConfigMapIndex(Optional<ObjectRef> global) {
        this.global = global;
    }

    /** False if it says what it said before. */
    boolean put(ObjectRef object, Optional<ConfigMap> now) {
        Optional<Map<String, String>> before = data(object);
        now.ifPresentOrElse(found -> entries.put(object, entry(found)), () -> entries.remove(object));
        if (before.equals(data(object))) {
            return false;
        }
        if (global.equals(Optional.of(object)) || reading.references().contains(object)) {
            reading = global.flatMap(ref -> data(ref).map(data -> GlobalOptionsReader.read(ref, data, this)))
                    .orElse(Reading.NOTHING);
        }
        return true;
    }

    private static Entry entry(ConfigMap found) {
        return new Entry(Map.copyOf(Optional.ofNullable(found.getData()).orElseGet(Map::of)), Identity.of(found));
    }

    @Override
    public Optional<Map<String, String>> data(ObjectRef configMap) {
        return Optional.ofNullable(entries.get(configMap)).map(Entry::data);
    }

    GlobalOptions options() {
        return reading.options();
    }

    boolean isGlobal(ObjectRef object) {
        return global.equals(Optional.of(object));
    }

    /** Those that the options name. */
    Set<ObjectRef> references() {
        return reading.references();
    }

    /** Forgets those that nobody names any more, and whose changes nobody will tell. */
    void keep(Set<ObjectRef> named) {
        Set<ObjectRef> kept = new HashSet<>(named);
        global.ifPresent(kept::add);
        entries.keySet().retainAll(kept);
    }

    /** The global one; empty for all others. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .filter(_ -> isGlobal(object))
                .map(entry ->
                        new FollowedObject(object, entry.identity(), FollowedObject.Status.NONE, reading.problems()));
    }

    /** The version that is in force; empty if none is. */
    Optional<String> applied(ObjectRef object) {
        return Optional.ofNullable(entries.get(object))
                .map(entry -> entry.identity().resourceVersion());
    }
}
