package dev.linnet.manifests.flagger;

import dev.linnet.routing.JointRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the objects that route for a Canary say of the joint release that it is part of ({@link JointRelease}): what the Canary itself says,
 * word for word, because gateways read it there.
 */
public record ReleaseMark(Optional<String> name) {

    /** What a Canary says, or an object that routes for it. */
    public static ReleaseMark of(HasMetadata object) {
        return new ReleaseMark(Optional.ofNullable(object.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(JointRelease.ANNOTATION)));
    }

    /** Whether the object says so already. */
    public boolean isOn(HasMetadata object) {
        return equals(of(object));
    }

    /** Puts it there, in place of another. */
    public void putOn(HasMetadata object) {
        Map<String, String> annotations = new TreeMap<>(
                Optional.ofNullable(object.getMetadata().getAnnotations()).orElseGet(Map::of));
        replaceIn(annotations);
        object.getMetadata().setAnnotations(annotations);
    }

    /** Puts it among the annotations of an object of ours, in place of another. */
    public void replaceIn(Map<String, String> annotations) {
        annotations.remove(JointRelease.ANNOTATION);
        name.ifPresent(text -> annotations.put(JointRelease.ANNOTATION, text));
    }

    /** These annotations with it, unless they say something else. */
    public Map<String, String> in(Map<String, String> annotations) {
        Map<String, String> all = new TreeMap<>(annotations);
        name.ifPresent(text -> all.putIfAbsent(JointRelease.ANNOTATION, text));
        return all;
    }
}
