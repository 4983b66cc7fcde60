package dev.linnet.manifests.ingress;

import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.policy.Access.Cache;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.CallerOptions.Line;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code auth-url} and what belongs to it, from annotations or from the {@code global-} keys of the ConfigMap. */
final class LeaveReader {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)?");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String USUAL_DURATION = "200 202 401 5m";

    /** Framing is ours. */
    private static final Set<String> NEVER_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Function<String, Optional<String>> values;
    private final Function<String, Optional<Map<String, String>>> configMaps;
    private final Complaints complaints;
    private Optional<String> closed = Optional.empty();

    /** @param closed why nobody may use the routes */
    record Outcome(Optional<Leave> leave, Optional<String> closed) {}

    /** Hears what is wrong. */
    @FunctionalInterface
    private interface Complaints {
        void bad(String name, String value, String expected, String effect);
    }

    private LeaveReader(
            Function<String, Optional<String>> values,
            Function<String, Optional<Map<String, String>>> configMaps,
            Complaints complaints) {
        this.values = values;
        this.configMaps = configMaps;
        this.complaints = complaints;
    }

    static LeaveReader ofAnnotations(Annotations annotations) {
        return new LeaveReader(
                annotations::text,
                name -> ownConfigMap(annotations, name),
                (name, value, expected, effect) ->
                        annotations.bad(name, "is \"" + value + "\" (expected: " + expected + ")" + effect));
    }

    /** What is wrong with it is told by {@link #check}, once, not at each Ingress. */
    static LeaveReader ofOptions(Map<String, String> keys) {
        return new LeaveReader(name -> Optional.ofNullable(keys.get(name)), _ -> Optional.empty(), (_, _, _, _) -> {});
    }

    /**
     * Tells what is wrong with the keys of the ConfigMap.
     *
     * @param keys without their {@code global-}
     */
    static void check(OptionText text, Map<String, String> keys) {
        new LeaveReader(
                        name -> Optional.ofNullable(keys.get(name)),
                        _ -> Optional.empty(),
                        (name, value, expected, effect) -> text.problem(
                                "global-" + name,
                                Reason.BAD_OPTION,
                                "is \"" + value + "\" (expected: " + expected + ")" + effect))
                .read();
    }

    private static Optional<Map<String, String>> ownConfigMap(Annotations annotations, String name) {
        String own = annotations.object().namespace() + "/";
        String plain = name.startsWith(own) ? name.substring(own.length()) : name;
        return plain.contains("/") ? Optional.empty() : annotations.configMap(plain);
    }

    Outcome read() {
        Optional<Url> url = url();
        Optional<Leave> leave = url.map(asked -> new Leave(
                asked,
                method(),
                template("auth-signin"),
                parameter(),
                passedOn(),
                template("auth-request-redirect"),
                values.apply("auth-method").isPresent(),
                lines(),
                values.apply("auth-always-set-cookie").map("true"::equals).orElse(false),
                cache()));
        return new Outcome(closed.isPresent() ? Optional.empty() : leave, closed);
    }

    private Optional<Url> url() {
        String text = values.apply("auth-url").orElse("");
        Optional<Url> url = UrlText.parse(text);
        return url.isPresent() ? url : close("auth-url", text, UrlText.EXPECTED);
    }

    private String method() {
        String method = values.apply("auth-method").orElse("GET");
        if (!METHODS.contains(method)) {
            close("auth-method", method, "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
        }
        return method;
    }

    /** One that cannot be understood does not matter for who gets in: it is a Problem, and left out. */
    private Optional<Template> template(String name) {
        Optional<String> value = values.apply(name);
        Optional<Template> template = value.flatMap(Template::parse);
        if (value.isPresent() && template.isEmpty()) {
            bad(
                    name,
                    value.get(),
                    "a URL without blanks; of variables only those that say something of the request",
                    "");
        }
        return template;
    }

    private String parameter() {
        String name = values.apply("auth-signin-redirect-param").orElse("rd");
        if (!PARAMETER.matcher(name).matches()) {
            bad("auth-signin-redirect-param", name, "the name of a parameter", ": it is called rd");
            return "rd";
        }
        return name;
    }

    private List<String> passedOn() {
        List<String> names = new ArrayList<>();
        for (String name : values.apply("auth-response-headers").orElse("").split(",", -1)) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (lower.isEmpty()) {
                continue;
            }
            if (!TOKEN.matcher(lower).matches() || NEVER_PASSED_ON.contains(lower)) {
                close("auth-response-headers", name.strip(), "names of headers, but none that frame a request");
                return List.of();
            }
            names.add(lower);
        }
        return names;
    }

    private List<Line> lines() {
        Optional<String> value = values.apply("auth-proxy-set-headers");
        if (value.isEmpty()) {
            return List.of();
        }
        Optional<Map<String, String>> data = configMaps.apply(value.get());
        if (data.isEmpty()) {
            close("auth-proxy-set-headers", value.get(), "the name of a ConfigMap in the same namespace");
        }
        return data.map(this::lines).orElseGet(List::of);
    }

    private List<Line> lines(Map<String, String> data) {
        List<Line> lines = new ArrayList<>();
        new TreeMap<>(data).forEach((name, value) -> {
            boolean framing = NEVER_PASSED_ON.contains(name.toLowerCase(Locale.ROOT));
            if (framing || value.contains("$") || !HeaderLine.isValid(name, value.strip())) {
                bad("auth-proxy-set-headers", name, "a header of one line, without variables", ": it is left out");
            } else {
                lines.add(new Line(name, value.strip()));
            }
        });
        return lines;
    }

    private Optional<Cache> cache() {
        return template("auth-cache-key").map(key -> new Cache(key, durations()));
    }

    private Map<Integer, Duration> durations() {
        String text = values.apply("auth-cache-duration").orElse(USUAL_DURATION);
        Optional<Map<Integer, Duration>> durations = durations(text);
        if (durations.isEmpty()) {
            bad("auth-cache-duration", text, "statuses and a time, as " + USUAL_DURATION, ": " + USUAL_DURATION);
        }
        return durations.or(() -> durations(USUAL_DURATION)).orElseThrow();
    }

    private static Optional<Map<Integer, Duration>> durations(String text) {
        Map<Integer, Duration> durations = new HashMap<>();
        for (String group : text.split(",", -1)) {
            String[] words = group.strip().split("\\s+", -1);
            Matcher time = TIME.matcher(words[words.length - 1]);
            if (words.length < 2 || !time.matches()) {
                return Optional.empty();
            }
            for (int i = 0; i + 1 < words.length; i++) {
                if (!words[i].matches("[1-5][0-9][0-9]")) {
                    return Optional.empty();
                }
                durations.put(Integer.parseInt(words[i]), duration(time));
            }
        }
        return Optional.of(durations);
    }

    private static Duration duration(Matcher time) {
        long number = Long.parseLong(time.group(1));
        return switch (Optional.ofNullable(time.group(2)).orElse("s")) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    private <T> Optional<T> close(String name, String value, String expected) {
        bad(name, value, expected, ": nobody may use its routes until it is corrected");
        closed = closed.or(() -> Optional.of(name + " cannot be understood"));
        return Optional.empty();
    }

    private void bad(String name, String value, String expected, String effect) {
        complaints.bad(name, value, expected, effect);
    }
}
