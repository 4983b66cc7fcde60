package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code kubectl get hpa} shows. */
final class AutoscalerTable {
    private static final int SHOWN = 2;

    private AutoscalerTable() {}

    static Table table() {
        return Table.named()
                .with("Reference", "What is scaled", AutoscalerTable::reference)
                .with("Targets", "Measured and wanted value of each metric", AutoscalerTable::targets)
                .with(
                        "MinPods",
                        "Lower limit of replicas",
                        row -> Json.textOr(Table.UNSET, row.object(), "spec", "minReplicas"))
                .with("MaxPods", "Upper limit of replicas", row -> row.number("spec", "maxReplicas"))
                .with("Replicas", "Replicas as last seen", row -> row.number("status", "currentReplicas"))
                .age();
    }

    private static Object reference(Row row) {
        return row.text("spec", "scaleTargetRef", "kind") + "/" + row.text("spec", "scaleTargetRef", "name");
    }

    private static Object targets(Row row) {
        List<ObjectNode> specs = Json.objects(row.object(), "spec", "metrics");
        if (specs.isEmpty()) {
            return Table.NONE;
        }
        JsonNode statuses = row.at("status", "currentMetrics");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, specs.size()); i++) {
            shown.add(target(specs.get(i), statuses.path(i)));
        }
        String text = String.join(", ", shown);
        return specs.size() > SHOWN ? text + " + " + (specs.size() - SHOWN) + " more..." : text;
    }

    private static String target(ObjectNode metric, JsonNode measured) {
        String type = Json.text(metric, "type");
        String source = type.isEmpty() ? "" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        JsonNode target = Json.at(metric, source, "target");
        JsonNode current = Json.at(measured, source, "current");
        return switch (type) {
            case "Pods" -> ratio(current, target, "averageValue", "");
            case "External", "Object" ->
                Json.isSet(target, "averageValue")
                        ? ratio(current, target, "averageValue", "") + " (avg)"
                        : ratio(current, target, "value", "");
            case "Resource", "ContainerResource" -> {
                String name = Json.text(metric, source, "name") + ": ";
                yield Json.isSet(target, "averageValue")
                        ? name + ratio(current, target, "averageValue", "")
                        : name + ratio(current, target, "averageUtilization", "%");
            }
            default -> "<unknown type>";
        };
    }

    private static String ratio(JsonNode current, JsonNode target, String name, String unit) {
        String measured = Json.isSet(current, name) ? Json.text(current, name) + unit : Table.UNKNOWN;
        String wanted = Json.isSet(target, name) ? Json.text(target, name) + unit : "<auto>";
        return measured + "/" + wanted;
    }
}
