package dev.linnet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.console.view.Figures;
import dev.linnet.console.view.RoutesView.Backend;
import dev.linnet.console.view.RoutesView.Host;
import dev.linnet.console.view.RoutesView.Mistake;
import dev.linnet.console.view.RoutesView.Rule;
import dev.linnet.console.words.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A gateway's routes, host by host, with what is wrong with the objects that say so. */
final class RouteList {
    private static final int MOST_RULES = 1_000;

    private final Words words;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Map<String, List<Rule>> hosts = new TreeMap<>();
    private final Set<String> sources = new HashSet<>();

    /** @param text what host, path, Services, objects or mistakes must contain */
    RouteList(JsonNode routes, String text, Words words) {
        this.words = words;
        String wanted = text.toLowerCase(Locale.ROOT);
        for (JsonNode problem : routes.path("problems")) {
            mistakes.add(new Mistake(
                    problem.path("object").asText(""),
                    problem.path("path").asText("") + " "
                            + problem.path("message").asText("")));
        }
        int shown = 0;
        for (JsonNode node : routes.path("rules")) {
            Rule rule = rule(node);
            boolean matches = node.toString().toLowerCase(Locale.ROOT).contains(wanted) || isWrong(rule, wanted);
            if (shown < MOST_RULES && matches) {
                hosts.computeIfAbsent(node.path("host").asText(""), _ -> new ArrayList<>())
                        .add(rule);
                shown++;
            }
        }
        mistakes.removeIf(mistake -> sources.contains(mistake.object())
                || !(mistake.object() + " " + mistake.text())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted));
    }

    private static boolean isWrong(Rule rule, String wanted) {
        return rule.backends().stream()
                .flatMap(backend -> backend.mistakes().stream())
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
    }

    List<Host> hosts() {
        return hosts.entrySet().stream()
                .map(entry -> new Host(host(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** Those of objects that no rule comes from. */
    List<Mistake> others() {
        return mistakes;
    }

    private String host(String name) {
        return name.isEmpty() || name.equals("*") ? words.say("routes.anyhost") : name;
    }

    private Rule rule(JsonNode rule) {
        List<Backend> backends = new ArrayList<>();
        boolean alone = rule.path("canaries").isEmpty();
        backends.add(new Backend(
                "primary",
                rule.at("/primary/service").asText(""),
                alone ? "100 %" : words.say("routes.rest"),
                rule.path("source").asText(""),
                mistakes(rule),
                rule.at("/primary/endpoints").size()));
        for (JsonNode canary : rule.path("canaries")) {
            backends.add(new Backend(
                    "canary",
                    canary.path("service").asText(""),
                    share(canary),
                    canary.path("source").asText(""),
                    mistakes(canary),
                    canary.path("endpoints").size()));
        }
        return new Rule(rule.path("path").asText(""), rule.path("type").asText(""), backends);
    }

    private List<String> mistakes(JsonNode rule) {
        String source = rule.path("source").asText("");
        sources.add(source);
        return mistakes.stream()
                .filter(mistake -> mistake.object().equals(source))
                .map(Mistake::text)
                .toList();
    }

    /** All ways to a canary: header, cookie, combined rules, share. */
    private String share(JsonNode canary) {
        List<String> ways = new ArrayList<>();
        if (!canary.path("header").asText("").isEmpty()) {
            ways.add(canary.path("header").asText());
        }
        if (!canary.path("cookie").asText("").isEmpty()) {
            ways.add("cookie " + canary.path("cookie").asText());
        }
        canary.path("matches").forEach(match -> ways.add(match.asText()));
        double total = canary.path("total").asDouble();
        double percent = total == 0 ? 0 : 100 * canary.path("weight").asDouble() / total;
        ways.add(Figures.plain(percent) + " %");
        if (canary.path("failover").asBoolean()) {
            ways.add(words.say("routes.failover"));
        }
        return String.join(" · ", ways);
    }
}
