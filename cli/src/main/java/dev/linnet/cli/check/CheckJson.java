package dev.linnet.cli.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import java.util.Locale;

/** A check for programs. */
final class CheckJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CheckJson() {}

    static String of(Checked checked) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode objects = root.putArray("objects");
        checked.reports().forEach(report -> write(objects.addObject(), report));
        ArrayNode mistakes = root.putArray("mistakes");
        checked.mistakes().forEach(mistake -> mistakes.add(mistake.toString()));
        ObjectNode summary = root.putObject("summary");
        for (Standing standing : Standing.values()) {
            summary.put(name(standing), checked.count(standing));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void write(ObjectNode node, ObjectReport report) {
        node.put("kind", report.object().kind());
        node.put("namespace", report.object().namespace());
        node.put("name", report.object().name());
        node.put("ours", report.ours());
        node.put("reason", report.reason());
        ArrayNode findings = node.putArray("findings");
        report.findings()
                .forEach(finding -> findings.addObject()
                        .put("what", finding.what())
                        .put("standing", name(finding.standing()))
                        .put("words", finding.words()));
    }

    /** {@code notObeyed}. */
    private static String name(Standing standing) {
        return switch (standing) {
            case OBEYED, DIFFERS, GONE, FOREIGN -> standing.name().toLowerCase(Locale.ROOT);
            case NOT_OBEYED -> "notObeyed";
        };
    }
}
