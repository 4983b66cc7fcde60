package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.GlobalOptions.Access;
import dev.linnet.manifests.ingress.GlobalOptions.AnswerEdits;
import dev.linnet.manifests.ingress.GlobalOptions.Balancing;
import dev.linnet.manifests.ingress.GlobalOptions.Errors;
import dev.linnet.manifests.ingress.GlobalOptions.Redirects;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.Bodies;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Pace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the controller's ConfigMap (spec of ingress-nginx, Appendix C). A wrong value is a Problem, and the default stays. */
public final class GlobalOptionsReader {
    private static final List<String> LEAVE = List.of(
            "auth-url",
            "auth-method",
            "auth-signin",
            "auth-signin-redirect-param",
            "auth-response-headers",
            "auth-request-redirect",
            "auth-cache-key",
            "auth-cache-duration",
            "auth-always-set-cookie");

    private static final Set<String> ALGORITHMS = Set.of("", "round_robin", "ewma");

    private final OptionText text;
    private final ConfigMaps others;
    private final Set<ObjectRef> references = new LinkedHashSet<>();

    private GlobalOptionsReader(OptionText text, ConfigMaps others) {
        this.text = text;
        this.others = others;
    }

    /**
     * What was read.
     *
     * @param references other ConfigMaps that it names, whether or not they exist
     */
    public record Reading(GlobalOptions options, Set<ObjectRef> references, List<Problem> problems) {
        public static final Reading NOTHING = new Reading(GlobalOptions.DEFAULT, Set.of(), List.of());

        public Reading {
            references = Set.copyOf(references);
            problems = List.copyOf(problems);
        }
    }

    public static Reading read(ObjectRef object, Map<String, String> data, ConfigMaps others) {
        OptionText text = new OptionText(object, data);
        GlobalOptionsReader reader = new GlobalOptionsReader(text, others);
        GlobalOptions options = reader.options();
        text.reportUnobeyed();
        return new Reading(options, reader.references, text.problems());
    }

    private GlobalOptions options() {
        GlobalOptions usual = GlobalOptions.DEFAULT;
        return new GlobalOptions(
                limits(),
                RetryText.read(
                        text.text("proxy-next-upstream"),
                        text.seconds0(
                                "proxy-next-upstream-timeout", usual.retries().within()),
                        text.flag("retry-non-idempotent", false),
                        usual.retries(),
                        expected -> text.bad("proxy-next-upstream", text.text("proxy-next-upstream", ""), expected)),
                bodies(),
                new Errors(codes(), text.flag("disable-proxy-intercept-errors", false)),
                redirects(usual.redirects()),
                access(usual.access()),
                new Balancing(algorithm(), text.flag("service-upstream", false)),
                new AnswerEdits(
                        text.text("proxy-cookie-domain", "off"),
                        text.text("proxy-cookie-path", "off"),
                        text.text("proxy-redirect-from", "off"),
                        text.text("proxy-redirect-to", "off")),
                new Pace(
                        kilobytes(PaceAnnotations.RATE, PaceAnnotations.MOST),
                        kilobytes(PaceAnnotations.AFTER, Integer.MAX_VALUE)),
                lowerCase(text.list("global-allowed-response-headers", List.of())),
                new GlobalPolicyReader(text).read(headers("add-headers"), headers("proxy-set-headers")));
    }

    private long kilobytes(String key, int most) {
        return (long) text.number(key, 0, most, 0) * PaceAnnotations.KILOBYTE;
    }

    private String algorithm() {
        String written = text.text("load-balance", "");
        if (!ALGORITHMS.contains(written)) {
            text.bad("load-balance", written, "round_robin or ewma");
        }
        return written;
    }

    private Limits limits() {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                text.seconds("proxy-connect-timeout", usual.connect()),
                text.seconds("proxy-send-timeout", usual.send()),
                text.seconds("proxy-read-timeout", usual.read()),
                LimitAnnotations.tries(text.number("proxy-next-upstream-tries", 0, Integer.MAX_VALUE, usual.tries())));
    }

    private Bodies bodies() {
        Bodies usual = Bodies.DEFAULT;
        return new Bodies(
                text.size("proxy-body-size", usual.most()),
                text.onOff("proxy-request-buffering", usual.wholeFirst()),
                BodyAnnotations.kept(text.size("client-body-buffer-size", usual.keptAtMost())));
    }

    private Set<Integer> codes() {
        Optional<String> value = text.text("custom-http-errors");
        Optional<Set<Integer>> codes = value.flatMap(ErrorAnnotations::codes);
        if (value.isPresent() && codes.isEmpty()) {
            text.bad("custom-http-errors", value.get(), ErrorAnnotations.CODES_EXPECTED);
        }
        return codes.orElse(Set.of());
    }

    private Redirects redirects(Redirects usual) {
        int code = text.number("http-redirect-code", 301, 308, usual.code());
        if (!Set.of(301, 302, 307, 308).contains(code)) {
            text.bad("http-redirect-code", String.valueOf(code), "301, 302, 307 or 308");
            code = usual.code();
        }
        return new Redirects(
                text.flag("ssl-redirect", usual.ssl()),
                text.flag("force-ssl-redirect", usual.forceSsl()),
                code,
                text.list("no-tls-redirect-locations", usual.notUnder()),
                text.flag("preserve-trailing-slash", usual.keepSlash()),
                text.flag("use-port-in-redirects", usual.withPort()),
                text.flag("relative-redirects", usual.relative()));
    }

    private Access access(Access usual) {
        return new Access(
                ranges("whitelist-source-range", usual.allowed()),
                ranges("denylist-source-range", usual.denied()),
                text.number("limit-req-status-code", 400, 599, usual.limitStatus()),
                text.number("limit-conn-status-code", 400, 599, usual.connectionsStatus()),
                text.list("no-auth-locations", usual.openBelow()),
                leave());
    }

    /** As written: what cannot be understood closes all routes that have no list of their own. */
    private List<String> ranges(String key, List<String> usual) {
        List<String> written = text.list(key, usual);
        if (!written.isEmpty() && AddressRanges.parse(String.join(",", written)).isEmpty()) {
            text.bad(key, text.text(key, ""), AddressRanges.EXPECTED);
        }
        return written;
    }

    private Map<String, String> leave() {
        Map<String, String> keys = new HashMap<>();
        for (String name : LEAVE) {
            text.text("global-" + name).ifPresent(value -> keys.put(name, value));
        }
        if (keys.containsKey("auth-url")) {
            LeaveReader.check(text, keys);
        } else {
            keys.keySet()
                    .forEach(name -> text.problem(
                            "global-" + name,
                            Reason.BAD_OPTION,
                            "has no effect without global-auth-url (expected: both)"));
        }
        return keys;
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> all = new HashSet<>();
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return all;
    }

    /** The headers of another ConfigMap, which is named as {@code namespace/name}. */
    private List<HeaderLine> headers(String key) {
        Optional<String> value = text.text(key);
        if (value.isEmpty()) {
            return List.of();
        }
        String[] parts = value.get().split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            text.bad(key, value.get(), "namespace/name of a ConfigMap");
            return List.of();
        }
        ObjectRef other = ConfigMaps.ref(parts[0], parts[1]);
        references.add(other);
        Optional<Map<String, String>> data = others.data(other);
        if (data.isEmpty()) {
            text.problem(key, Reason.BAD_OPTION, "names " + other + ", which does not exist (expected: a ConfigMap)");
        }
        return data.map(lines -> headers(key, other, lines)).orElse(List.of());
    }

    private List<HeaderLine> headers(String key, ObjectRef other, Map<String, String> lines) {
        List<HeaderLine> headers = new ArrayList<>();
        new TreeMap<>(lines).forEach((name, value) -> {
            if (HeaderLine.isValid(name, value.strip())) {
                headers.add(new HeaderLine(name, value.strip()));
            } else {
                text.problem(
                        key, Reason.BAD_OPTION, "names " + other + ", whose \"" + name + "\" is no header of one line");
            }
        });
        return headers;
    }
}
