package dev.linnet.cli.check;

import dev.linnet.cli.UserError;
import dev.linnet.manifests.LegacyManifests;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet convert}: manifests of old API versions as today's. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Prints manifests of extensions/v1beta1, networking.k8s.io/v1beta1 and autoscaling/v2beta* as"
                + " today's versions; all others as they are.",
        footer = {"", "Examples:", "  linnet convert -f old-ingress.yaml | kubectl apply -f -"})
public final class ConvertCommand implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            required = true,
            description = "The manifests. Repeatable.")
    private List<Path> files = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (Path file : files) {
            try {
                out.print(LegacyManifests.convert(Files.readString(file)));
            } catch (IOException e) {
                throw new UserError("cannot read " + file + " (expected: a manifest file)", e);
            } catch (IllegalArgumentException e) {
                throw new UserError(file + " " + e.getMessage(), e);
            }
        }
        out.flush();
        return 0;
    }
}
