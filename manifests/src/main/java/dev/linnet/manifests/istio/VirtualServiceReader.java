package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.manifests.istio.VirtualService.Action;
import dev.linnet.manifests.istio.VirtualService.Copies;
import dev.linnet.manifests.istio.VirtualService.Destination;
import dev.linnet.manifests.istio.VirtualService.HttpMatch;
import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.manifests.istio.VirtualService.UriRewrite;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Reads a VirtualService (spec §1.2). */
final class VirtualServiceReader {
    private static final int MOVED = 301;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** All entries are broken: a rule without any would match everything. */
    private static final HttpMatch NOTHING = new HttpMatch(
            Optional.empty(), List.of(), OptionalInt.empty(), List.of(" "), new Source(Set.of(), Map.of()));

    private final IstioObject object;
    private final Function<String, Optional<IstioObject>> others;
    private final String namespace;
    private final Author author;
    private final MatchReader matches;
    private final OptionsReader options;

    private VirtualServiceReader(IstioObject object, Function<String, Optional<IstioObject>> others) {
        this.object = object;
        this.others = others;
        this.namespace = object.ref().namespace();
        this.author = new Author(object.ref());
        this.matches = new MatchReader(namespace, author);
        this.options = new OptionsReader(author);
    }

    /** @param others that it may delegate to, by {@code namespace/name} */
    static VirtualService read(IstioObject object, Function<String, Optional<IstioObject>> others) {
        return new VirtualServiceReader(object, others).virtualService();
    }

    private VirtualService virtualService() {
        JsonNode spec = object.spec();
        List<String> gateways = Author.texts(spec.path("gateways")).stream()
                .map(name -> Names.gateway(name, namespace))
                .toList();
        JointRules rules = new JointRules(author);
        int index = 0;
        Delegation delegation = new Delegation(object, others, author);
        for (JsonNode rule : spec.path("http")) {
            String where = "spec.http[" + index++ + "]";
            delegation.expand(rule, where).forEach(part -> rules.add(part.of(), rule(part.rule(), part.where())));
        }
        author.notObeyed(spec, "spec", "tls", "tcp");
        List<HttpRule> all = rules.all();
        Traps.shadowed(object.ref(), all).forEach(author::problem);
        return new VirtualService(
                object,
                Author.texts(spec.path("hosts")).stream()
                        .map(host -> Names.host(host, namespace))
                        .toList(),
                gateways.isEmpty() ? List.of(Names.MESH) : gateways,
                exportTo(spec.path("exportTo"), namespace),
                all,
                author.problems());
    }

    /** Empty for everybody. */
    static Set<String> exportTo(JsonNode list, String own) {
        Set<String> namespaces = new HashSet<>();
        for (String name : Author.texts(list)) {
            if (name.equals("*")) {
                return Set.of();
            }
            namespaces.add(name.equals(".") ? own : name);
        }
        return namespaces;
    }

    private HttpRule rule(JsonNode rule, String where) {
        List<HttpMatch> read = new ArrayList<>();
        int index = 0;
        for (JsonNode match : rule.path("match")) {
            matches.read(match, where + ".match[" + index++ + "]").ifPresent(read::add);
        }
        boolean matchesNothing = index > 0 && read.isEmpty();
        Action action = action(rule, where);
        List<Copies> mirrors = mirrors(rule, where);
        Optional<UriRewrite> rewrite = options.rewrite(rule.path("rewrite"), where + ".rewrite");
        Duration timeout = options.timeout(rule, where);
        return new HttpRule(
                where,
                matchesNothing ? List.of(NOTHING) : read,
                action,
                mirrors,
                rewrite,
                options.limits(rule, timeout, where),
                options.policy(rule, timeout, where),
                Optional.empty());
    }

    private List<Copies> mirrors(JsonNode rule, String where) {
        List<Copies> mirrors = new ArrayList<>();
        JsonNode single = rule.path("mirror");
        if (!single.isEmpty()) {
            Optional<Double> percent = number(rule.path("mirrorPercentage").path("value"))
                    .or(() -> number(rule.path("mirrorPercent")))
                    .or(() -> number(rule.path("mirror_percent")));
            mirrors.add(new Copies(to(single, where + ".mirror"), parts(percent, where + ".mirrorPercentage")));
        }
        int index = 0;
        for (JsonNode entry : rule.path("mirrors")) {
            String path = where + ".mirrors[" + index++ + "]";
            Optional<Double> percent = number(entry.path("percentage").path("value"));
            mirrors.add(new Copies(to(entry.path("destination"), path), parts(percent, path + ".percentage")));
        }
        return mirrors;
    }

    private Destination to(JsonNode destination, String where) {
        return destination(JSON.createObjectNode().set("destination", destination), where);
    }

    private static Optional<Double> number(JsonNode node) {
        return node.isNumber() ? Optional.of(node.asDouble()) : Optional.empty();
    }

    private int parts(Optional<Double> percent, String where) {
        double value = percent.orElse(100.0);
        if (value < 0 || value > 100) {
            author.mistake(where + ".value", "is " + value + " (expected: 0 to 100)");
        }
        return (int) Math.round(Math.clamp(value, 0, 100) * Mirror.ALL / 100);
    }

    private Action action(JsonNode rule, String where) {
        boolean forwards = !rule.path("route").isEmpty();
        boolean redirects = rule.has("redirect");
        boolean answers = rule.has("directResponse");
        int said = (forwards ? 1 : 0) + (redirects ? 1 : 0) + (answers ? 1 : 0);
        if (said != 1) {
            author.mistake(
                    where,
                    "has " + (said == 0 ? "none" : "several")
                            + " of route, redirect and directResponse (expected: one): its requests are answered 503");
            return new Action.Nothing();
        }
        if (redirects) {
            return redirect(rule.path("redirect"), where + ".redirect");
        }
        if (answers) {
            return answer(rule.path("directResponse"), where + ".directResponse");
        }
        return forward(rule.path("route"), where);
    }

    private Action forward(JsonNode route, String where) {
        List<Destination> destinations = new ArrayList<>();
        int index = 0;
        for (JsonNode destination : route) {
            destinations.add(destination(destination, where + ".route[" + index++ + "]"));
        }
        if (destinations.size() == 1) {
            return new Action.Forward(destinations);
        }
        if (destinations.stream().allMatch(each -> each.weight() == 0)) {
            author.mistake(
                    where + ".route", "has weights that sum to 0 (expected: more): its requests are answered 503");
            return new Action.Nothing();
        }
        return new Action.Forward(
                destinations); // also those without weight: which version is which must not depend on it
    }

    private Destination destination(JsonNode entry, String where) {
        JsonNode to = entry.path("destination");
        int port = to.path("port").path("number").asInt(0);
        int weight = entry.path("weight").asInt(0);
        if (weight < 0) {
            author.mistake(where + ".weight", "is " + weight + " (expected: 0 or more)");
        }
        HeadEdits edits = options.editsOfDestination(entry.path("headers"), where + ".headers");
        return new Destination(
                where,
                Names.host(to.path("host").asText(""), namespace),
                to.path("subset").asText(""),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                Math.max(0, weight),
                edits);
    }

    private Action redirect(JsonNode redirect, String where) {
        int code = redirect.path("redirectCode").asInt(MOVED);
        if (!Set.of(301, 302, 303, 307, 308).contains(code)) {
            author.mistake(where + ".redirectCode", "is " + code + " (expected: 301, 302, 303, 307 or 308)");
            return new Action.Nothing();
        }
        Optional<UriRewrite> path = Author.text(redirect.path("uri"))
                .<UriRewrite>map(UriRewrite.Whole::new)
                .or(() -> Author.text(redirect.path("prefixRewrite")).map(UriRewrite.Matched::new));
        String derived = redirect.path("derivePort").asText("");
        int port = redirect.path("port").asInt(0);
        boolean usual = derived.equals("FROM_PROTOCOL_DEFAULT");
        Optional<String> authority = Author.text(redirect.path("authority"));
        return new Action.Redirect(
                new Elsewhere.ToParts(
                        code,
                        Author.text(redirect.path("scheme")),
                        authority,
                        port > 0 ? OptionalInt.of(port) : usual ? OptionalInt.of(0) : OptionalInt.empty(),
                        Optional.empty()),
                path,
                derived.equals("FROM_REQUEST_PORT"));
    }

    private Action answer(JsonNode answer, String where) {
        int status = answer.path("status").asInt(0);
        if (status < 200 || status > 599) {
            author.mistake(where + ".status", "is " + status + " (expected: 200 to 599)");
            return new Action.Nothing();
        }
        if (answer.path("body").has("bytes")) {
            author.notObeyed(where + ".body.bytes", "is not obeyed (expected: body.string)");
        }
        return new Action.Answer(
                new FixedAnswer(status, answer.path("body").path("string").asText("")));
    }
}
