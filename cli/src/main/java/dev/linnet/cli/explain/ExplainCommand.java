package dev.linnet.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.linnet.cli.ManifestSource;
import dev.linnet.cli.UserError;
import dev.linnet.manifests.endpoints.PodReading;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.Explanation;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.TextRequest;
import dev.linnet.routing.Workload;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code linnet explain}: the very code that routes, asked to say what it does. Exit code 1 when nobody would serve the request. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says which rule and version a request would meet, step by step, and why not the others.",
        footer = {
            "",
            "Examples:",
            "  linnet explain http://shop.example.com/cart",
            "  linnet explain -H 'X-Canary: always' -b canary=never http://shop.example.com/",
            "  linnet explain -X POST --from 10.1.2.3 'http://shop.example.com/api?version=2'",
            "  linnet explain --from shop/front-7d9f8 http://api.example.com/",
            "  linnet explain --from shop/front-7d9f8 http://backend/    as VirtualServices have it inside the cluster",
            "  linnet explain -f manifests/ -o json http://shop.example.com/",
        })
public final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private final ManifestSource source = new ManifestSource();

    @Option(
            names = "-X",
            paramLabel = "METHOD",
            defaultValue = "GET",
            description = "The request's method (default: GET).")
    private String method = "GET";

    @Option(names = "-H", paramLabel = "'K: V'", description = "A request header. Repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "-b",
            paramLabel = "COOKIE",
            description = "A cookie, as in 'canary=always; theme=dark'. Repeatable.")
    private List<String> cookies = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "ADDRESS|NS/POD",
            description =
                    "Where the client is, for rules, shares and lists of addresses that go by it: an IP address, or a"
                            + " Pod by namespace and name.")
    private String from = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print it.")
    private Output output = Output.text;

    @Parameters(paramLabel = "URL", description = "http://host/path?query")
    private String url = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private enum Output {
        text,
        json
    }

    @Override
    public Integer call() throws JsonProcessingException {
        Explanation explanation = source.read(
                spec.commandLine().getErr(),
                manifests -> explain(World.ofFiles(manifests)),
                client -> explain(World.ofCluster(client)));
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case text -> new ExplanationText(out).print(method + " " + url, explanation);
            case json -> out.println(ExplanationJson.of(explanation));
        }
        out.flush();
        return explanation.status() == 0 || explanation.status() / 100 == 3 ? 0 : 1;
    }

    private Explanation explain(World world) {
        Optional<PodReading> caller = caller(world.pods());
        TextRequest request = request(caller.isPresent() ? address(caller.get()) : address());
        World.Outside outside = world.outside();
        List<Rule> rules = new ArrayList<>(outside.rules());
        if (outside.doors().contains(request.port())) {
            request = request.at(":" + request.port());
        }
        if (caller.isPresent()) {
            Workload who = caller.get().workload();
            Optional<ServicePort> port = world.inside(who.namespace(), request.host(), request.port());
            if (port.isPresent()) {
                rules.addAll(world.rules(port.get()));
                request = request.by(who).at(port.get().ruleHost());
            }
        }
        return RouteTable.of(rules).explain(request, world.available(), RandomGenerator.getDefault());
    }

    private TextRequest request(Optional<InetAddress> client) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new UserError("-H is '" + header + "' (expected: 'Name: value')");
            }
            all.add(Map.entry(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip()));
        }
        cookies.forEach(cookie -> all.add(Map.entry("Cookie", cookie)));
        try {
            return TextRequest.of(method, url, all, client);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<PodReading> caller(World.Pods pods) {
        int slash = from.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        PodReading found = pods.find(from.substring(0, slash), from.substring(slash + 1))
                .filter(pod -> !pod.addresses().isEmpty() || pod.workload().isKnown())
                .orElseThrow(() -> new UserError(
                        "--from is '" + from + "' (expected: namespace and name of a Pod that has an address)"));
        return Optional.of(found);
    }

    private static Optional<InetAddress> address(PodReading pod) {
        return pod.addresses().stream().findFirst().map(InetAddress::ofLiteral);
    }

    private Optional<InetAddress> address() {
        if (from.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(from));
        } catch (IllegalArgumentException e) {
            throw new UserError("--from is '" + from + "' (expected: an IP address, or a Pod as namespace/name)", e);
        }
    }
}
