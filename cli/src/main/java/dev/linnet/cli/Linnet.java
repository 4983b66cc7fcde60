package dev.linnet.cli;

import dev.linnet.cli.check.CheckCommand;
import dev.linnet.cli.check.ConvertCommand;
import dev.linnet.cli.console.ConsoleCommand;
import dev.linnet.cli.controller.ControllerCommand;
import dev.linnet.cli.demo.DemoCommand;
import dev.linnet.cli.explain.ExplainCommand;
import dev.linnet.cli.loadtester.LoadTesterCommand;
import dev.linnet.cli.rollouts.RolloutsCommand;
import dev.linnet.cli.up.UpCommand;
import dev.linnet.cli.up.WarmUpCommand;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code linnet} command. Exit codes: 0 done, 1 the answer is no, 2 used or set up wrongly. */
@Command(
        name = "linnet",
        description = "Releases new versions of HTTP services safely.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  linnet demo                          watch a good release and a bad one, in under a minute",
            "  linnet up                            a Kubernetes API and the gateway on this machine",
            "  linnet sample podinfo | kubectl apply -f -",
            "  linnet rollouts watch podinfo -n test",
            "  linnet explain http://podinfo.example.com/",
            "  linnet check -f manifests/           what of these is obeyed, and what helps where it is not",
        })
public final class Linnet implements Runnable {

    static final int WRONG_USE = 2;

    /** In the order in which help shows them. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            UpCommand.class,
            GatewayCommand.class,
            ControllerCommand.class,
            RolloutsCommand.class,
            ConsoleCommand.class,
            ExplainCommand.class,
            CheckCommand.class,
            ConvertCommand.class,
            SampleCommand.class,
            LoadTesterCommand.class,
            WarmUpCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public static void main(String[] args) {
        // Loads are sent to hosts that no DNS knows; the JDK's client sends a Host of ours only if told so before it is
        // first used.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        System.exit(run(args));
    }

    /** Runs one command and returns its exit code. */
    public static int run(String... args) {
        return line(args).execute(args);
    }

    /** The same with other streams than the process's own. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return line(args).setOut(out).setErr(err).execute(args);
    }

    private static CommandLine line(String... args) {
        CommandLine line = new CommandLine(new Linnet());
        wanted(args).forEach(line::addSubcommand);
        sayVersion(line);
        line.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command.getErr()));
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** All commands have the version of the whole. */
    private static void sayVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Linnet::sayVersion);
    }

    /** The one that is named, as a start takes no time for the options of all others; all of them where none is. */
    private static List<Class<?>> wanted(String... args) {
        return COMMANDS.stream()
                .filter(command -> args.length > 0
                        && command.getAnnotation(Command.class).name().equals(args[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What a person can do something about is said in a line; where it is a bug of ours, we want to know the place. */
    private static int explain(Exception failure, PrintWriter err) throws Exception {
        String line = switch (failure) {
            case UserError e -> e.getMessage();
            case KubernetesClientException e
            when e.getStatus() != null ->
                "the cluster does not do that: " + e.getStatus().getMessage();
            case KubernetesClientException e -> "the cluster does not answer: " + rootOf(e);
            default -> throw failure;
        };
        err.println("linnet: " + line);
        return WRONG_USE;
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The version in the jar's manifest; {@code development} in an unpackaged build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Linnet.class.getPackage().getImplementationVersion();
            return new String[] {"linnet " + (version == null ? "development" : version)};
        }
    }
}
