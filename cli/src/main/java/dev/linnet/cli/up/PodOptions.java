package dev.linnet.cli.up;

import dev.linnet.cli.UserError;
import dev.linnet.machine.BuiltInImage;
import dev.linnet.machine.address.PodRange;
import dev.linnet.machine.node.Images;
import dev.linnet.machine.node.LocalNode;
import dev.linnet.machine.node.command.CommandLine;
import dev.linnet.machine.node.spec.ImageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which nodes a local cluster has, what runs their Pods, and what these may reach. */
final class PodOptions {

    @Option(
            names = "--node",
            paramLabel = "NAME[:K=V,...]",
            description = "A node, with labels. Repeatable; instead of node-1 to node-3.")
    private List<String> nodes = new ArrayList<>();

    @Option(
            names = "--image",
            paramLabel = "NAME=COMMAND",
            description = {
                "Run containers of this image, whatever its registry and tag, as a command of this machine. Repeatable.",
                "{ip} {port} {port:NAME} {dir} {tag} in it are replaced; the container's args follow it."
            })
    private List<String> images = new ArrayList<>();

    @Option(names = "--images", paramLabel = "FILE", description = "Lines NAME=COMMAND, as --image, which wins.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--allow-commands",
            description = "Obey the commands that Pods bring along in local.linnet.dev/command.<container>.")
    private boolean allowCommands;

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    NetworkOptions network() {
        return network;
    }

    /** Says what cannot be understood before anything is started. */
    void check() {
        Optional<PodRange> _ = network.podRange();
        List<LocalNode> _ = nodes();
        Map<String, CommandLine> _ = commands();
    }

    List<LocalNode> nodes() {
        if (nodes.isEmpty()) {
            return LocalNode.usual();
        }
        List<LocalNode> all = nodes.stream().map(PodOptions::node).toList();
        Set<String> names = new HashSet<>();
        all.forEach(node -> {
            if (!names.add(node.name())) {
                throw new UserError("--node " + node.name() + " is given twice (expected: a name of its own for each)");
            }
        });
        return all;
    }

    private static LocalNode node(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?") || name.length() > 253) {
            throw new UserError("--node " + text + ": the name is '" + name
                    + "' (expected: lower case letters, digits, - and ., beginning and ending with a letter or digit)");
        }
        return new LocalNode(name, colon < 0 ? Map.of() : labels(text, text.substring(colon + 1)));
    }

    private static Map<String, String> labels(String node, String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : text.split(",", -1)) {
            int equals = label.indexOf('=');
            if (equals <= 0) {
                throw new UserError("--node " + node + ": '" + label + "' is no label (expected: key=value)");
            }
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return labels;
    }

    /** @param builtIn images of this program by name */
    Images images(Map<String, BuiltInImage> builtIn) {
        Optional<String> toAllow = allowCommands ? Optional.empty() : Optional.of("linnet up --allow-commands");
        return new Images(
                commands(),
                builtIn,
                new Images.Advice("linnet up --image NAME=COMMAND, or a line in --images FILE", toAllow));
    }

    private Map<String, CommandLine> commands() {
        Map<String, CommandLine> commands = new HashMap<>();
        file.ifPresent(path -> lines(path).forEach(line -> add(path.toString(), line, commands)));
        images.forEach(image -> add("--image", image, commands));
        return commands;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e + " (expected: lines NAME=COMMAND)", e);
        }
    }

    private static void add(String from, String mapping, Map<String, CommandLine> commands) {
        int equals = mapping.indexOf('=');
        if (equals <= 0) {
            throw new UserError(from + ": '" + mapping + "' maps no image (expected: NAME=COMMAND)");
        }
        try {
            commands.put(
                    ImageName.parse(mapping.substring(0, equals).strip()).name(),
                    CommandLine.parse(mapping.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
            throw new UserError(from + ": " + e.getMessage(), e);
        }
    }
}
