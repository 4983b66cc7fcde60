package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.AnswerEdits;
import dev.linnet.routing.policy.AnswerEdits.Replacement;
import dev.linnet.routing.policy.HeaderLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** What is changed in the heads that clients get (spec of ingress-nginx, §4.3). */
final class AnswerAnnotations {
    private static final String CUSTOM = "custom-headers";
    private static final String COOKIE_DOMAIN = "proxy-cookie-domain";
    private static final String COOKIE_PATH = "proxy-cookie-path";
    private static final String FROM = "proxy-redirect-from";
    private static final String TO = "proxy-redirect-to";
    private static final Set<String> NOTHING = Set.of("off", "default");

    private AnswerAnnotations() {}

    static AnswerEdits read(Annotations annotations) {
        GlobalOptions.AnswerEdits usual = annotations.options().answers();
        return new AnswerEdits(
                custom(annotations),
                pair(annotations, COOKIE_DOMAIN, usual.cookieDomain(), AnswerAnnotations::bareDomain),
                pair(annotations, COOKIE_PATH, usual.cookiePath(), Function.identity()),
                redirect(annotations, usual));
    }

    /** The headers of a ConfigMap, of those that the gateway's owner allows. */
    private static List<HeaderLine> custom(Annotations annotations) {
        Optional<String> name = annotations.text(CUSTOM);
        if (name.isEmpty()) {
            return List.of();
        }
        String prefix = annotations.object().namespace() + "/";
        String own = name.get().startsWith(prefix) ? name.get().substring(prefix.length()) : name.get();
        if (own.contains("/")) {
            annotations.bad(CUSTOM, "is \"" + name.get() + "\" (expected: a ConfigMap of this namespace)");
            return List.of();
        }
        Optional<Map<String, String>> data = annotations.configMap(own);
        if (data.isEmpty()) {
            annotations.bad(CUSTOM, "is \"" + name.get() + "\", which does not exist (expected: a ConfigMap)");
        }
        List<HeaderLine> lines = new ArrayList<>();
        new TreeMap<>(data.orElse(Map.of()))
                .forEach((header, value) ->
                        line(annotations, header, value.strip()).ifPresent(lines::add));
        return lines;
    }

    private static Optional<HeaderLine> line(Annotations annotations, String header, String value) {
        if (!annotations.options().allowedResponseHeaders().contains(header.toLowerCase(Locale.ROOT))) {
            annotations.bad(
                    CUSTOM,
                    "asks for header " + header
                            + " (expected: one that global-allowed-response-headers of the gateway's ConfigMap has)");
            return Optional.empty();
        }
        if (!HeaderLine.isValid(header, value)) {
            annotations.bad(CUSTOM, "has \"" + header + "\", which is no header of one line");
            return Optional.empty();
        }
        return Optional.of(new HeaderLine(header, value));
    }

    /** Two words: what, and what instead. */
    private static Optional<Replacement> pair(
            Annotations annotations, String name, String usual, Function<String, String> form) {
        String text = annotations.text(name).orElse(usual);
        if (NOTHING.contains(text)) {
            return Optional.empty();
        }
        String[] words = text.split("\\s+", -1);
        if (words.length != 2 || words[0].startsWith("~") || words[1].contains("$")) {
            annotations.bad(
                    name, "is \"" + text + "\" (expected: off, or two words without patterns: what, and what instead)");
            return Optional.empty();
        }
        return Optional.of(new Replacement(form.apply(words[0]), words[1]));
    }

    private static String bareDomain(String domain) {
        return (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
    }

    private static Optional<Replacement> redirect(Annotations annotations, GlobalOptions.AnswerEdits usual) {
        String from = annotations.text(FROM).orElse(usual.redirectFrom());
        String to = annotations.text(TO).orElse(usual.redirectTo());
        if (NOTHING.contains(from)) {
            return Optional.empty();
        }
        if (from.startsWith("~") || to.contains("$") || NOTHING.contains(to)) {
            annotations.bad(
                    annotations.has(FROM) ? FROM : TO,
                    "is \"" + from + "\" to \"" + to
                            + "\" (expected: the beginning of a URL and another one, without patterns)");
            return Optional.empty();
        }
        return Optional.of(new Replacement(from, to));
    }
}
