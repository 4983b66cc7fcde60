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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A gateway's routes, host by host, with what is wrong with the objects that say so. */
final class RouteList {
    private static final int MOST_RULES = 1_000;

    private final Words words;
    /** By the object that they are of. */
    private final Map<String, List<String>> mistakes = new LinkedHashMap<>();

    private final Map<String, List<Rule>> hosts = new TreeMap<>();
    private final List<Mistake> others;

    /** @param text what host, path, Services, objects or mistakes must contain */
    RouteList(JsonNode routes, String text, Words words) {
        this.words = words;
        String wanted = text.toLowerCase(Locale.ROOT);
        for (JsonNode problem : routes.path("problems")) {
            mistakes.computeIfAbsent(problem.path("object").asText(""), _ -> new ArrayList<>())
                    .add(problem.path("path").asText("") + " "
                            + problem.path("message").asText(""));
        }
        Set<String> sources = new HashSet<>();
        int shown = 0;
        for (JsonNode rule : routes.path("rules")) {
            List<String> of = sources(rule);
            sources.addAll(of);
            if (shown < MOST_RULES && (isIn(rule.toString(), wanted) || isInMistakes(of, wanted))) {
                hosts.computeIfAbsent(rule.path("host").asText(""), _ -> new ArrayList<>())
                        .add(rule(rule));
                shown++;
            }
        }
        this.others = mistakes.entrySet().stream()
                .filter(of -> !sources.contains(of.getKey()))
                .flatMap(of -> of.getValue().stream().map(mistake -> new Mistake(of.getKey(), mistake)))
                .filter(mistake -> isIn(mistake.object() + " " + mistake.text(), wanted))
                .toList();
    }

    private static boolean isIn(String text, String wanted) {
        return text.toLowerCase(Locale.ROOT).contains(wanted);
    }

    private boolean isInMistakes(List<String> objects, String wanted) {
        return objects.stream()
                .flatMap(object -> mistakes.getOrDefault(object, List.of()).stream())
                .anyMatch(mistake -> isIn(mistake, wanted));
    }

    /** The objects that a rule comes from. */
    private static List<String> sources(JsonNode rule) {
        return Stream.concat(Stream.of(rule), rule.path("canaries").valueStream())
                .map(RouteList::source)
                .toList();
    }

    private static String source(JsonNode part) {
        return part.path("source").asText("");
    }

    List<Host> hosts() {
        return hosts.entrySet().stream()
                .map(entry -> new Host(host(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** Those of objects that no rule comes from. */
    List<Mistake> others() {
        return others;
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
                source(rule),
                mistakes(rule),
                rule.at("/primary/endpoints").size(),
                true));
        for (JsonNode canary : rule.path("canaries")) {
            List<String> ways = ways(canary);
            boolean used = ways.size() > 1 || percent(canary) > 0;
            backends.add(new Backend(
                    "canary",
                    canary.path("service").asText(""),
                    String.join(" · ", ways),
                    source(canary),
                    mistakes(canary),
                    canary.path("endpoints").size(),
                    used));
        }
        return new Rule(rule.path("path").asText(""), rule.path("type").asText(""), backends);
    }

    private List<String> mistakes(JsonNode part) {
        return mistakes.getOrDefault(source(part), List.of());
    }

    /** All ways to a canary: header, cookie, combined rules, share, of which the share is always there. */
    private List<String> ways(JsonNode canary) {
        List<String> ways = new ArrayList<>();
        if (!canary.path("header").asText("").isEmpty()) {
            ways.add(canary.path("header").asText());
        }
        if (!canary.path("cookie").asText("").isEmpty()) {
            ways.add("cookie " + canary.path("cookie").asText());
        }
        canary.path("matches").forEach(match -> ways.add(match.asText()));
        ways.add(Figures.plain(percent(canary)) + " %");
        if (canary.path("failover").asBoolean()) {
            ways.add(words.say("routes.failover"));
        }
        return ways;
    }

    private static double percent(JsonNode canary) {
        double total = canary.path("total").asDouble();
        return total == 0 ? 0 : 100 * canary.path("weight").asDouble() / total;
    }
}
