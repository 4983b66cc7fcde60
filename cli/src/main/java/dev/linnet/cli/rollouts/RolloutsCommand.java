package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.linnet.cli.KubernetesAccess;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code linnet rollouts}: a person's view of releases, and hand on them. Whatever is done is done with the rights of the kubeconfig. Exit
 * code 1 when the controller refuses.
 */
@Command(
        name = "rollouts",
        mixinStandardHelpOptions = true,
        description = "Shows releases, and acts on them with your own rights.",
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "",
            "Without a command: list. With kubectl-linnet on the PATH also: kubectl linnet rollouts …",
            "",
            "Examples:",
            "  linnet rollouts -A",
            "  linnet rollouts watch podinfo -n test",
            "  linnet rollouts pause podinfo -n test",
            "  linnet rollouts approve podinfo -n test",
            "  linnet rollouts history podinfo -n test -o json",
        })
public final class RolloutsCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final KubernetesAccess cluster = new KubernetesAccess();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            scope = ScopeType.INHERIT,
            description = "The Canary's namespace (default: that of the kubeconfig's context).")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Those of all namespaces.")
    private boolean everywhere;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** How to print it. */
    enum Output {
        text,
        json
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(everywhere, Output.text);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All rollouts of a namespace.",
            footer = {"", "Example:", "  linnet rollouts list -A"})
    int list(
            @Option(
                            names = {"-A", "--all-namespaces"},
                            description = "Those of all namespaces.")
                    boolean all,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "How to print it.")
                    Output output)
            throws InterruptedException {
        return on(client -> {
            Optional<String> where = all ? Optional.empty() : Optional.of(namespace(client));
            List<RolloutView> views = new RolloutReader(client).all(where);
            if (views.isEmpty() && output == Output.text) {
                err().println("linnet: no Canaries"
                        + where.map(ns -> " in namespace " + ns + " (-A shows those of all)")
                                .orElse(""));
            }
            print(output, views, text().table(views));
            return 0;
        });
    }

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "One rollout as a tree: versions, Pods, runs, and what happened last.",
            footer = {"", "Example:", "  linnet rollouts get podinfo -n test"})
    int get(
            @Parameters(paramLabel = "NAME", description = "The Canary.") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "How to print it.")
                    Output output)
            throws InterruptedException {
        return on(client -> {
            RolloutView view = new RolloutReader(client).one(namespace(client), name);
            print(output, view, text().tree(view));
            return 0;
        });
    }

    @Command(
            name = "watch",
            mixinStandardHelpOptions = true,
            description = "The same again whenever something has changed, until Ctrl-C; as JSON one per line.",
            footer = {"", "Example:", "  linnet rollouts watch podinfo -n test"})
    int watch(
            @Parameters(paramLabel = "NAME", description = "The Canary.") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "How to print it.")
                    Output output)
            throws InterruptedException {
        boolean terminal = spec.commandLine().getColorScheme().ansi().enabled();
        return on(client -> {
            String last = "";
            try (RolloutChanges changes = new RolloutChanges(client, namespace(client), name)) {
                while (true) {
                    RolloutView view = changes.next(LOOK);
                    String now = output == Output.json
                            ? json(JSON.writer(), view)
                            : String.join("\n", text().tree(view)) + "\n";
                    if (!now.equals(last)) {
                        // On a terminal it takes the place of what was there.
                        out().println((terminal && output == Output.text ? "\u001b[H\u001b[2J" : "") + now);
                        out().flush();
                        last = now;
                    }
                }
            }
        });
    }

    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "What was released when, how it ended, and who did what. The last 20 runs of each are kept.",
            footer = {"", "Example:", "  linnet rollouts history podinfo -n test"})
    int history(
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "The Canary; none for all of the namespace.")
                    Optional<String> name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "How to print it.")
                    Output output)
            throws InterruptedException {
        return on(client -> {
            RolloutReader reader = new RolloutReader(client);
            String where = namespace(client);
            List<RolloutView> views =
                    name.map(one -> List.of(reader.brief(where, one))).orElseGet(() -> reader.all(Optional.of(where)));
            print(output, views, text().history(views));
            return 0;
        });
    }

    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Promotes the new version now, without further checks and gates.",
            footer = {"", "Example:", "  linnet rollouts promote podinfo -n test"})
    int promote(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.PROMOTE, name);
    }

    @Command(
            name = "skip",
            mixinStandardHelpOptions = true,
            description = "Takes the next step now, without the check and the gate before it.",
            footer = {"", "Example:", "  linnet rollouts skip podinfo -n test"})
    int skip(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.SKIP, name);
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "No step forward until it is resumed; checks go on, and may take the version back.",
            footer = {"", "Example:", "  linnet rollouts pause podinfo -n test"})
    int pause(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.PAUSE, name);
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Goes on with a run that was paused.",
            footer = {"", "Example:", "  linnet rollouts resume podinfo -n test"})
    int resume(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.RESUME, name);
    }

    @Command(
            name = "abort",
            mixinStandardHelpOptions = true,
            description = "Takes the new version back.",
            footer = {"", "Example:", "  linnet rollouts abort podinfo -n test"})
    int abort(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.ABORT, name);
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Releases a version that has failed again.",
            footer = {"", "Example:", "  linnet rollouts retry podinfo -n test"})
    int retry(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.RETRY, name);
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = "Begins the run again at its first step.",
            footer = {"", "Example:", "  linnet rollouts restart podinfo -n test"})
    int restart(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.RESTART, name);
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Opens the gate that the run waits at, for one passage.",
            footer = {"", "Example:", "  linnet rollouts approve podinfo -n test"})
    int approve(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return act(Verb.APPROVE, name);
    }

    private int act(Verb verb, String name) throws InterruptedException {
        return on(client -> {
            String where = namespace(client);
            String refusal = new Person(client, InstantSource.system()).act(verb, where, name);
            String said = name + "." + where + ": " + verb.word();
            if (refusal.isEmpty()) {
                out().println(said + " is obeyed");
            } else {
                err().println("linnet: " + said + " is refused: " + refusal);
            }
            out().flush();
            err().flush();
            return refusal.isEmpty() ? 0 : 1;
        });
    }

    /** Something that is done in the cluster. */
    @FunctionalInterface
    private interface Work {
        /** @return the exit code */
        int in(KubernetesClient client) throws InterruptedException;
    }

    private int on(Work work) throws InterruptedException {
        try (KubernetesClient client = cluster.open(err())) {
            return work.in(client);
        }
    }

    private String namespace(KubernetesClient client) {
        return namespace.orElseGet(() -> Objects.requireNonNullElse(client.getNamespace(), "default"));
    }

    private void print(Output output, Object facts, List<String> lines) {
        switch (output) {
            case text -> lines.forEach(out()::println);
            case json -> out().println(json(JSON.writerWithDefaultPrettyPrinter(), facts));
        }
        out().flush();
    }

    private static String json(ObjectWriter writer, Object facts) {
        try {
            return writer.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rollout cannot be written as JSON", e);
        }
    }

    private RolloutText text() {
        return new RolloutText(spec.commandLine().getColorScheme().ansi());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
