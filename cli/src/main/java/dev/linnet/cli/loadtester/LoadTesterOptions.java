package dev.linnet.cli.loadtester;

import dev.linnet.cli.HostPort;
import dev.linnet.cli.UserError;
import dev.linnet.loadtester.task.CommandPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** What {@code linnet loadtester} takes, on a command line as in a Pod's args. Flagger's own flags, with one dash, are understood too. */
public final class LoadTesterOptions {

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9090",
            converter = HostPort.class,
            description = "Where to listen (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private InetSocketAddress listen;

    @Option(
            names = {"--port", "-port"},
            paramLabel = "PORT",
            description = "Flagger's flag: listens on all addresses at this port.")
    private OptionalInt port = OptionalInt.empty();

    @Option(
            names = {"--timeout", "-timeout"},
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "After which a command is killed (default: ${DEFAULT-VALUE}).")
    private String timeout = "1h";

    @Option(
            names = {"--namespace-regexp", "-namespace-regexp"},
            paramLabel = "REGEX",
            description = "Acts for Canaries of matching namespaces only.")
    private Optional<String> namespaces = Optional.empty();

    @Option(
            names = "--allow-commands",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Programs that webhooks may run, without a shell (default: hey,wrk,ghz,curl,grpc_health_probe);"
                            + " '*' allows everything, shells too.")
    private List<String> commands = List.of();

    @Option(
            names = "--allow-from",
            paramLabel = "WHO",
            split = ",",
            description = "Who may use it beside Pods of its namespace: a user name such as"
                    + " system:serviceaccount:NAMESPACE:NAME (default: that of linnet-controller in linnet-system),"
                    + " a range of addresses such as 10.0.0.0/8, or '*' for anybody.")
    private List<String> callers = List.of("system:serviceaccount:linnet-system:linnet-controller");

    @Option(
            names = {
                "--log-level",
                "-log-level",
                "--zap-encoding",
                "-zap-encoding",
                "--zap-replace-globals",
                "-zap-replace-globals"
            },
            arity = "0..1",
            hidden = true,
            description = "Flagger's; without effect.")
    @SuppressWarnings("unused") // read by nobody: manifests for Flagger's load tester carry it
    private String ignored = "";

    /** Where to listen. */
    public InetSocketAddress listen() {
        return port.isPresent() ? new InetSocketAddress("0.0.0.0", port.getAsInt()) : listen;
    }

    CommandPolicy commands() {
        return commands.isEmpty() ? CommandPolicy.usual() : CommandPolicy.of(commands);
    }

    List<String> callers() {
        return callers;
    }

    Duration timeout() {
        try {
            Duration duration = Duration.parse("PT" + timeout);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (java.time.format.DateTimeParseException e) {
            // Said below, as for a duration that is not positive.
        }
        throw new UserError("--timeout is " + timeout + " (expected: a duration such as 1h or 30m)");
    }

    Optional<Pattern> namespaces() {
        try {
            return namespaces.map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            throw new UserError("--namespace-regexp is no regular expression: " + e.getDescription(), e);
        }
    }
}
