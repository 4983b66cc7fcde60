package dev.linnet.manifests;

import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Rewrite;
import dev.linnet.routing.policy.Rewrite.Piece;
import dev.linnet.routing.policy.Scheduler;
import dev.linnet.routing.policy.TrafficPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Rules, endpoints and problems as YAML that a person likes to read. */
final class Written {
    private Written() {}

    static String yaml(Translation translation, Map<String, List<Endpoint>> endpoints) {
        return yaml(translation, endpoints, Map.of());
    }

    /** @param policies what holds for destinations, by their names */
    static String yaml(
            Translation translation, Map<String, List<Endpoint>> endpoints, Map<String, TrafficPolicy> policies) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("rules", translation.rules().stream().map(Written::rule).toList());
        if (!translation.tls().isEmpty()) {
            out.put("tls", translation.tls().stream().map(Written::tls).toList());
        }
        if (!endpoints.isEmpty()) {
            Map<String, Object> written = new LinkedHashMap<>();
            endpoints.forEach((service, list) -> written.put(
                    service,
                    new ArrayList<>(list.stream().map(Written::endpoint).toList())));
            out.put("endpoints", written);
        }
        if (!policies.isEmpty()) {
            Map<String, Object> written = new LinkedHashMap<>();
            policies.forEach((service, policy) -> written.put(service, policy(policy)));
            out.put("destinations", written);
        }
        out.put(
                "problems",
                translation.problems().stream().map(Written::problem).toList());
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(1000);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        return new Yaml(options).dump(out);
    }

    private static Map<String, Object> policy(TrafficPolicy policy) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (!policy.pool().equals(TrafficPolicy.Pool.UNLIMITED)) {
            out.put("pool", policy.pool().toString());
        }
        policy.outliers().ifPresent(outliers -> out.put("outliers", outliers.toString()));
        policy.security()
                .ifPresent(security -> out.put(
                        "tls",
                        security.upstream().protocol() + " "
                                + security.upstream()
                                        .trust()
                                        .map(trust -> trust.roots() + " "
                                                + trust.secret()
                                                        .map(SecretRef::toString)
                                                        .orElse("without Secret") + " as "
                                                + trust.name().orElse("itself")
                                                + (trust.verify() ? "" : " unverified")
                                                + (trust.subjects().isEmpty() ? "" : " of " + trust.subjects()))
                                        .orElse("")));
        return out;
    }

    private static Map<String, Object> rule(Rule rule) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("route", route(rule));
        out.put("to", rule.primary().toString());
        out.put("by", rule.source().namespace() + "/" + rule.source().name());
        if (!rule.canaries().isEmpty()) {
            out.put("canaries", rule.canaries().stream().map(Written::canary).toList());
        }
        endpoints(out, rule.primary(), rule.policy().balancing());
        rule.policy().affinity().ifPresent(affinity -> out.put("session", session(affinity)));
        if (!rule.policy().upstream().isPlain()) {
            out.put("upstream", rule.policy().upstream().toString());
        }
        Access access = rule.policy().access().at(rule.path().path());
        if (!access.isOpen()) {
            out.put("access", new ArrayList<>(access.demands()));
            access.leave().ifPresent(leave -> out.put("leave", leave.toString()));
        }
        if (!rule.policy().rates().isUnlimited()) {
            out.put("rates", rule.policy().rates().toString());
        }
        if (!rule.limits().equals(Limits.DEFAULT)) {
            out.put("limits", limits(rule.limits()));
        }
        rule.policy().versionHeader().ifPresent(name -> out.put("versionHeader", name));
        List<Mirror> mirrors = rule.policy().relay().mirrors();
        if (!mirrors.isEmpty()) {
            out.put("mirrors", mirrors.stream().map(Written::mirror).toList());
        }
        out.putAll(policy(rule.policy()));
        return out;
    }

    private static String mirror(Mirror mirror) {
        return mirror + mirror.host().map(host -> " as " + host).orElse("");
    }

    private static Map<String, Object> policy(Policy policy) {
        Map<String, Object> out = new LinkedHashMap<>();
        Redirects redirects = policy.redirects();
        redirects.elsewhere().ifPresent(where -> out.put("elsewhere", elsewhere(where)));
        redirects
                .toHttps()
                .ifPresent(how -> out.put(
                        "https", how.status() + (how.always() ? " always" : "") + (how.keepsSlash() ? " as is" : "")));
        if (redirects.relative() || redirects.withPort()) {
            out.put("redirects", (redirects.relative() ? "relative" : "") + (redirects.withPort() ? "with port" : ""));
        }
        policy.target().path().ifPresent(rewrite -> out.put("rewrite", rewrite(rewrite)));
        policy.target().path().flatMap(Rewrite::forwardedPrefix).ifPresent(prefix -> out.put("prefix", prefix));
        policy.target().host().ifPresent(host -> out.put("host", host));
        return out;
    }

    private static String elsewhere(Elsewhere where) {
        return where.status() + " "
                + switch (where) {
                    case Elsewhere.ToUrl(int _, String url) -> url;
                    case Elsewhere.ToPath(int _, String path) -> "same host" + path;
                    case Elsewhere.ToHost(int _, String host) -> "host " + host;
                    case Elsewhere.ToParts parts -> parts.toString();
                };
    }

    private static String rewrite(Rewrite rewrite) {
        return rewrite.pattern() + " -> "
                + rewrite.target().stream()
                        .map(piece -> switch (piece) {
                            case Piece.Text(String text) -> text;
                            case Piece.Group(int number) -> "$" + number;
                        })
                        .collect(Collectors.joining());
    }

    private static String route(Rule rule) {
        String host = rule.host().isEmpty() ? "*" : rule.host();
        return switch (rule.path()) {
            case PathMatch.Exact(String path) -> "Exact " + host + path;
            case PathMatch.Prefix(String path) -> "Prefix " + host + path;
            case PathMatch.Ordered(String path, var match) -> "Rule " + host + path + " for " + match;
            case PathMatch.Regex(String path, var pattern) -> "Regex " + host + path + " as " + pattern;
        };
    }

    private static Map<String, Object> canary(CanarySide side) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("to", side.backend().toString());
        out.put("by", side.source().namespace() + "/" + side.source().name());
        endpoints(out, side.backend(), side.balancing());
        if (!side.sticky()) {
            out.put("sessions", "do not hold");
        }
        side.selector().header().ifPresent(header -> out.put("header", header(header)));
        side.selector().cookie().ifPresent(cookie -> out.put("cookie", cookie(cookie)));
        if (!side.selector().matches().isEmpty()) {
            out.put(
                    "matches",
                    side.selector().matches().stream()
                            .map(rule -> rule.conditions().toString())
                            .toList());
        }
        if (!side.selector().share().equals(Share.NONE)) {
            out.put(
                    "share",
                    side.selector().share().weight() + "/"
                            + side.selector().share().total());
        }
        if (!side.selector().spread().equals(new Spread.Random())) {
            out.put("spread", side.selector().spread().toString());
        }
        if (side.selector().failover()) {
            out.put("failover", true);
        }
        return out;
    }

    /** Which endpoint, if anybody says so. */
    private static void endpoints(Map<String, Object> out, ServiceRef backend, Balancing balancing) {
        if (backend.whole()) {
            out.put("reached by", "the Service's address");
        }
        switch (balancing) {
            case Balancing.Unsaid _ -> {}
            case Balancing.By(Scheduler scheduler) -> out.put("endpoint", scheduler.spelled());
            case Balancing.Hashed(KeyExpression key, Balancing.Missing _) -> out.put("endpoint", "by " + key.text());
            case Balancing.HashedToSubset(KeyExpression key, int size) ->
                out.put("endpoint", "one of " + size + " by " + key.text());
        }
    }

    private static Map<String, Object> session(Affinity affinity) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("cookie", affinity.cookie());
        out.put("mode", affinity.mode().name().toLowerCase(Locale.ROOT));
        affinity.path().ifPresent(path -> out.put("path", path));
        affinity.domain().ifPresent(domain -> out.put("domain", domain));
        affinity.expires().ifPresent(seconds -> out.put("expires", seconds));
        affinity.maxAge().ifPresent(seconds -> out.put("max age", seconds));
        affinity.sameSite().ifPresent(site -> out.put("same site", site.toString()));
        out.put(
                "flags",
                (affinity.secure() ? "secure " : "")
                        + (affinity.omitNone() ? "omit-none " : "")
                        + (affinity.changeOnFailure() ? "change-on-failure" : ""));
        return out;
    }

    private static String cookie(CookieRule rule) {
        return switch (rule) {
            case CookieRule.AlwaysNever(String name) -> name;
            case CookieRule.Value(String name, String value) -> name + " = " + value;
        };
    }

    private static String header(HeaderRule rule) {
        return switch (rule) {
            case HeaderRule.AlwaysNever(String name) -> name + " = always or never";
            case HeaderRule.Value(String name, String value) -> name + " = " + value;
            case HeaderRule.Matches(String name, var pattern) -> name + " ~ " + pattern.pattern();
            case HeaderRule.Broken(String name, String pattern) -> name + " broken " + pattern;
        };
    }

    private static Map<String, Object> limits(Limits limits) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("connect", limits.connect().toString());
        out.put("send", limits.send().toString());
        out.put("read", limits.read().toString());
        out.put("tries", limits.tries());
        return out;
    }

    private static Map<String, Object> tls(HostTls tls) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("host", tls.host());
        tls.certificates().ifPresent(found -> {
            out.put("by", found.source() + " " + found.where() + (found.listed() ? "" : " (not listed)"));
            out.put(
                    "certificates",
                    new ArrayList<>(
                            found.secrets().stream().map(SecretRef::toString).toList()));
        });
        tls.clients().ifPresent(clients -> out.put("clients", clients.toString()));
        return out;
    }

    private static String endpoint(Endpoint endpoint) {
        return endpoint + (endpoint.pod().isEmpty() ? "" : " " + endpoint.pod());
    }

    private static String problem(Problem problem) {
        return problem.reason() + " " + problem;
    }
}
