package dev.linnet.cli.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.linnet.cli.ManifestSource;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code linnet check}: what of some manifests, or of a cluster, is obeyed. Exit code 1 when something is not. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says, object by object and annotation by annotation, what is obeyed, what is obeyed with a"
                + " difference, and what is not and what helps. Exit code 1 if something is not obeyed.",
        footer = {
            "",
            "Examples:",
            "  linnet check -f manifests/",
            "  linnet check -f ingress.yaml -f configmap.yaml -o json",
            "  linnet check                         the cluster of the current kubeconfig",
        })
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final ManifestSource source = new ManifestSource();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print it.")
    private Output output = Output.text;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private enum Output {
        text,
        json
    }

    @Override
    public Integer call() throws JsonProcessingException {
        Checked checked = checked();
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case text -> new CheckText(out, spec.commandLine().getColorScheme().ansi()).print(checked);
            case json -> out.println(CheckJson.of(checked));
        }
        out.flush();
        return checked.isObeyed() ? 0 : 1;
    }

    private Checked checked() {
        return source.read(spec.commandLine().getErr(), Checked::files, Checked::cluster);
    }
}
