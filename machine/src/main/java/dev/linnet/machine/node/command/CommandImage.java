package dev.linnet.machine.node.command;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.spec.Expansion;
import dev.linnet.machine.node.spec.PodPorts;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A command of this machine in the place of an image. The container's {@code args} follow its words. Its {@code command} names
 * a program of the image, which is not there: only a command line without words runs that.
 */
public final class CommandImage implements Image {
    /** What programs need of this machine. All else in our own environment is nobody's business. */
    private static final List<String> INHERITED =
            List.of("PATH", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "JAVA_HOME");

    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final CommandLine line;
    private final io.fabric8.kubernetes.api.model.Container spec;
    private final Processes processes;
    private final Consumer<String> problems;

    /**
     * @param spec     of the container that it runs
     * @param problems hears, in words for people, when a program listens where it should not
     */
    public CommandImage(
            CommandLine line,
            io.fabric8.kubernetes.api.model.Container spec,
            Processes processes,
            Consumer<String> problems) {
        this.line = line;
        this.spec = spec;
        this.processes = processes;
        this.problems = problems;
    }

    @Override
    public Image.Container start(Context context) throws IOException {
        Map<String, String> environment = environment(context);
        List<String> words = Program.found(
                words(context),
                Objects.requireNonNullElse(environment.get("PATH"), USUAL_PATH),
                List.of(context.workingDirectory(), Path.of("").toAbsolutePath()));
        Processes.Launch launch = new Processes.Launch(
                words,
                environment,
                new Processes.Place(context.directory(), context.workingDirectory(), context.files()),
                "");
        return CommandContainer.start(
                processes, launch, context.log(), listening -> problems.accept(text(listening, context)));
    }

    private static String text(Listening listening, Context context) {
        return "%s (process %d) listens on %s:%d and takes that port from all other Pods (expected: %s:%d; %s"
                .formatted(
                        Proc.read(listening.process(), "comm")
                                .orElse("a program")
                                .strip(),
                        listening.process(),
                        listening.address(),
                        listening.port(),
                        context.address().getHostAddress(),
                        listening.port(),
                        "in a command line {ip} stands for the Pod's address)");
    }

    private static Map<String, String> environment(Context context) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", USUAL_PATH);
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("HOME", context.directory().toString());
        environment.put("TMPDIR", context.directory().resolve("tmp").toString());
        environment.putAll(context.env());
        return environment;
    }

    private List<String> words(Context context) {
        List<String> words = new ArrayList<>(
                line.words().isEmpty()
                        ? context.command()
                        : line.filled(name -> value(name, context)).stream()
                                .map(word -> Expansion.expand(word, context.env()))
                                .toList());
        words.addAll(context.args());
        return words;
    }

    /** What a placeholder stands for. */
    private String value(String name, Context context) {
        return switch (name) {
            case "ip" -> context.address().getHostAddress();
            case "dir" -> context.directory().toString();
            case "tag" -> context.tag();
            case "port" ->
                spec.getPorts().stream()
                        .findFirst()
                        .map(ContainerPort::getContainerPort)
                        .map(port -> Integer.toString(context.realPort(port)))
                        .orElseThrow(() -> noPort(name));
            default ->
                PodPorts.resolve(new IntOrString(name.substring("port:".length())), spec)
                        .map(port -> Integer.toString(context.realPort(port)))
                        .orElseThrow(() -> noPort(name));
        };
    }

    private IllegalArgumentException noPort(String name) {
        return new IllegalArgumentException("the command line of container " + spec.getName() + " has {" + name
                + "} (expected: a container with that port in its ports)");
    }
}
