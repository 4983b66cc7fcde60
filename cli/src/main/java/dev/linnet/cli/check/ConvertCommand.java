package dev.linnet.cli.check;

import dev.linnet.cli.UserError;
import dev.linnet.manifests.LegacyManifests;
import dev.linnet.manifests.ManifestTexts;
import java.io.PrintWriter;
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
        footer = {
            "",
            "Examples:",
            "  linnet convert -f old-ingress.yaml | kubectl apply -f -",
            "  helm template old-chart | linnet convert -f -",
        })
public final class ConvertCommand implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            required = true,
            description = "The manifests: a file, a folder, or standard input (-). Repeatable.")
    private List<Path> files = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ManifestTexts found = ManifestTexts.read(files, System.in);
        found.mistakes().stream().findFirst().ifPresent(mistake -> {
            throw new UserError(mistake.toString());
        });
        for (ManifestTexts.Text text : found.texts()) {
            try {
                out.print(LegacyManifests.convert(text.content()));
            } catch (IllegalArgumentException e) {
                throw new UserError(text.file() + " " + e.getMessage(), e);
            }
        }
        out.flush();
        return 0;
    }
}
