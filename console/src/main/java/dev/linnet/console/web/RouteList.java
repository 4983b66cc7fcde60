package dev.linnet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.console.view.Figures;
import dev.linnet.console.view.RoutesView.Backend;
import dev.linnet.console.view.RoutesView.Host;
import dev.linnet.console.view.RoutesView.Rule;
import dev.linnet.console.words.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A gateway's routes, host by host. */
final class RouteList {
    private static final int MOST_RULES = 1_000;

    private final Words words;

    private RouteList(Words words) {
        this.words = words;
    }

    /** @param text what host, path, Services or objects must contain */
    static List<Host> of(JsonNode routes, String text, Words words) {
        RouteList list = new RouteList(words);
        String wanted = text.toLowerCase(Locale.ROOT);
        Map<String, List<Rule>> hosts = new TreeMap<>();
        int shown = 0;
        for (JsonNode rule : routes.path("rules")) {
            if (shown < MOST_RULES && rule.toString().toLowerCase(Locale.ROOT).contains(wanted)) {
                hosts.computeIfAbsent(rule.path("host").asText(""), _ -> new ArrayList<>())
                        .add(list.rule(rule));
                shown++;
            }
        }
        return hosts.entrySet().stream()
                .map(entry -> new Host(list.host(entry.getKey()), entry.getValue()))
                .toList();
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
                rule.at("/primary/endpoints").size()));
        for (JsonNode canary : rule.path("canaries")) {
            backends.add(new Backend(
                    "canary",
                    canary.path("service").asText(""),
                    share(canary),
                    canary.path("source").asText(""),
                    canary.path("endpoints").size()));
        }
        return new Rule(rule.path("path").asText(""), rule.path("type").asText(""), backends);
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
