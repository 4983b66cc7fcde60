package dev.linnet.machine.node;

import dev.linnet.machine.BuiltInImage;
import dev.linnet.machine.node.command.CommandLine;
import dev.linnet.machine.node.spec.ImageName;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What runs a container: a command that its Pod brings along, a command that its image is mapped to, or an image inside this
 * program, in this order. Images go by the last path element of their name, whatever the registry and tag.
 *
 * @param commands command lines by image
 * @param builtIn  images of this program by name
 * @param advice   how a person changes what is found here
 */
public record Images(Map<String, CommandLine> commands, Map<String, BuiltInImage> builtIn, Advice advice) {

    /** On a Pod, with the name of a container behind it: the command line that runs that container. */
    public static final String ANNOTATION = "local.linnet.dev/command.";

    /**
     * What people are told.
     *
     * @param toMap   how to map an image, for example {@code linnet up --image NAME=COMMAND}
     * @param toAllow how to have Pods' own commands obeyed; empty when they are
     */
    public record Advice(String toMap, Optional<String> toAllow) {}

    public Images {
        commands = Map.copyOf(commands);
        builtIn = Map.copyOf(builtIn);
    }

    /** Nothing but images of this program. */
    public static Images builtIn(Set<BuiltInImage> images, Advice advice) {
        return new Images(
                Map.of(), images.stream().collect(Collectors.toMap(BuiltInImage::name, Function.identity())), advice);
    }

    /** What there is for a container. */
    sealed interface Found {}

    record BuiltIn(BuiltInImage image) implements Found {}

    record Command(CommandLine line) implements Found {}

    /** @param advice what a person can do about it */
    record Nothing(String advice) implements Found {}

    /**
     * Something that is not run.
     *
     * @param reason  in one word, for the container's state
     * @param message what a person can do about it
     */
    record Refused(String reason, String message) implements Found {}

    Found find(Pod pod, Container container) {
        String key = ANNOTATION + container.getName();
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        String own = annotations.get(key);
        if (own != null) {
            return own(key, own);
        }
        String name = ImageName.parse(container.getImage()).name();
        Optional<Found> command = Optional.ofNullable(commands.get(name)).map(Command::new);
        return command.or(() -> Optional.ofNullable(builtIn.get(name)).map(BuiltIn::new))
                .orElseGet(() -> new Nothing(unknown(name)));
    }

    private Found own(String key, String text) {
        if (advice.toAllow().isPresent()) {
            return new Refused(
                    "CommandNotAllowed",
                    "annotation " + key + " is obeyed only with: "
                            + advice.toAllow().get());
        }
        try {
            return new Command(CommandLine.parse(text));
        } catch (IllegalArgumentException e) {
            return new Refused("InvalidCommand", "annotation " + key + ": " + e.getMessage());
        }
    }

    private String unknown(String name) {
        Set<String> known = new TreeSet<>(builtIn.keySet());
        known.addAll(commands.keySet());
        return "this machine pulls no images, and nothing here runs \"%s\"; map it to a command with %s, or use one of: %s"
                .formatted(name, advice.toMap(), String.join(", ", known));
    }
}
