package dev.linnet.machine.node;

import dev.linnet.machine.BuiltInImage;
import dev.linnet.machine.node.spec.ImageName;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Knows what to run for a container. */
public interface ContainerRuntime {

    /** What runs this container; empty when nothing does. Asked again from time to time in that case. */
    Optional<BuiltInImage> find(Pod pod, Container container);

    /** Tells a person what to do about a container that {@link #find} has nothing for. */
    String advice(Pod pod, Container container);

    /** Runs nothing but images of this program. */
    static ContainerRuntime builtIn(List<BuiltInImage> images) {
        return new BuiltIn(images.stream().collect(Collectors.toMap(BuiltInImage::name, Function.identity())));
    }

    /** Images by the last path element of their name. */
    record BuiltIn(Map<String, BuiltInImage> images) implements ContainerRuntime {
        public BuiltIn {
            images = Map.copyOf(images);
        }

        @Override
        public Optional<BuiltInImage> find(Pod pod, Container container) {
            return Optional.ofNullable(
                    images.get(ImageName.parse(container.getImage()).name()));
        }

        @Override
        public String advice(Pod pod, Container container) {
            return "no image \"%s\" is built into this machine, which pulls none; use one of: %s (whatever registry and tag)"
                    .formatted(
                            ImageName.parse(container.getImage()).name(),
                            String.join(", ", new TreeSet<>(images.keySet())));
        }
    }
}
