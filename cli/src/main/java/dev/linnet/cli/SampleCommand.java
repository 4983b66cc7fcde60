package dev.linnet.cli;

import dev.linnet.samples.Samples;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code linnet sample}: the manifests of the services that people try releases on. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        description = "Lists the samples, or prints one's manifests.",
        footer = {"", "Example:", "  linnet sample podinfo | kubectl apply -f -"})
final class SampleCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The sample to print; none lists them all.")
    private String name = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Put its objects into this namespace instead of the sample's own.")
    private String namespace = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        if (name.isEmpty()) {
            Map<String, String> names = Samples.manifestNames();
            names.forEach((sample, about) -> out.printf("%-12s %s%n", sample, about));
            return 0;
        }
        String manifests = Samples.manifests(name)
                .orElseThrow(() -> new UserError("there is no sample '" + name + "' (expected: "
                        + String.join(", ", Samples.manifestNames().keySet()) + ")"));
        out.print(namespace.isEmpty() ? manifests : inNamespace(manifests, namespace));
        out.flush();
        return 0;
    }

    /** The samples' manifests are ours: each object's metadata begins a line, so text is enough here. */
    private static String inNamespace(String manifests, String namespace) {
        return Stream.of(manifests.split("(?m)^---\\n", -1))
                .map(object -> moved(object, Matcher.quoteReplacement(namespace)))
                .collect(Collectors.joining("---\n"));
    }

    /** An object without a namespace has it at the end of its name. */
    private static String moved(String object, String namespace) {
        if (object.contains("\nkind: Namespace\n")) {
            return object.replaceFirst("(?m)^(metadata:\\n  name: ).*$", "$1" + namespace);
        }
        String moved = object.replaceAll("(?m)^( {2,}namespace: ).*$", "$1" + namespace)
                .replaceAll("(?m)^(  name: [a-z-]+\\.)[a-z-]+$", "$1" + namespace);
        return object.contains("\nkind: Cluster")
                ? moved
                : moved.replaceFirst(
                        "(?m)^(metadata:\\n  name: .*)$(?!\\n  namespace:)", "$1\n  namespace: " + namespace);
    }
}
