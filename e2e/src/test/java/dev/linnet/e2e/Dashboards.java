package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What dashboards and alert rules in {@code deploy/} ask of Prometheus. */
final class Dashboards {
    private static final Path DEPLOY = Path.of("../deploy");
    private static final Pattern VALUES = Pattern.compile("label_values\\((.*), ([a-z_]+)\\)");
    private static final Pattern SHOWN =
            Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}|\\$labels\\.([a-z_]+)");

    private Dashboards() {}

    /**
     * A question.
     *
     * @param where it is asked
     * @param query in Prometheus' language
     * @param shown labels that the answer is told by
     */
    record Question(String where, String query, Set<String> shown) {
        /** As Grafana sends it, with everything chosen. */
        String withVariables() {
            return query.replace("$__rate_interval", "10s").replaceAll("\\$[a-z]+", ".*");
        }
    }

    static List<Question> all() throws IOException {
        List<Question> all = new ArrayList<>(alerts());
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana"))) {
            for (Path file : files.sorted().toList()) {
                JsonNode board = new ObjectMapper().readTree(file.toFile());
                String name = String.valueOf(file.getFileName());
                board.at("/templating/list").forEach(variable -> variable(name, variable, all));
                board.path("panels")
                        .forEach(panel -> panel.path("targets")
                                .forEach(target -> all.add(new Question(
                                        name + ": " + panel.path("title").asText(),
                                        target.path("expr").asText(),
                                        shown(target.path("legendFormat").asText())))));
            }
        }
        return all;
    }

    private static void variable(String board, JsonNode variable, List<Question> all) {
        if (variable.path("type").asText().equals("query")) {
            var values = VALUES.matcher(variable.path("definition").asText());
            assertThat(values.matches()).as(variable.toString()).isTrue();
            String where = board + ": $" + variable.path("name").asText();
            all.add(new Question(where, values.group(1), Set.of(values.group(2))));
        }
    }

    private static List<Question> alerts() throws IOException {
        List<Question> all = new ArrayList<>();
        JsonNode rules = new KubernetesSerialization()
                .unmarshal(Files.readString(DEPLOY.resolve("prometheus/alerts.yaml")), JsonNode.class);
        rules.path("groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> all.add(new Question(
                                rule.path("alert").asText(),
                                rule.path("expr").asText(),
                                shown(rule.at("/annotations/summary").asText()
                                        + rule.at("/annotations/description").asText())))));
        return all;
    }

    private static Set<String> shown(String text) {
        return SHOWN.matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each is about metrics that are there, by labels that these have, and shows labels that are left in its answer. */
    static void assertAnswerable(Question question, ExportedMetrics exported) {
        PrometheusQuery query = PrometheusQuery.of(question.query());
        assertThat(query.metrics()).as(question.where()).isNotEmpty();
        assertThat(exported.labels().keySet())
                .as(question.where())
                .containsAll(query.metrics().keySet());
        query.metrics().forEach((metric, labels) -> {
            Set<String> known = exported.labels().getOrDefault(metric, Set.of());
            if (!known.isEmpty()) {
                assertThat(known).as(question.where()).containsAll(labels).containsAll(query.grouped());
            }
            Set<String> left = query.grouped().isEmpty() ? known : query.grouped();
            assertThat(left).as(question.where()).containsAll(question.shown());
        });
    }
}
