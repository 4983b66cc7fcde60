package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import dev.linnet.apiserver.kinds.Table.Entry;
import dev.linnet.apiserver.kinds.Table.Row;
import java.util.List;
import java.util.Optional;

/** The columns that a CRD declares with {@code additionalPrinterColumns}; name and age where it declares none. */
final class PrinterColumns {
    private PrinterColumns() {}

    static Table table(ObjectNode version) {
        List<ObjectNode> columns = Json.objects(version, "additionalPrinterColumns");
        if (columns.isEmpty()) {
            return Table.nameAndAge();
        }
        Table table = Table.named();
        for (ObjectNode column : columns) {
            table = table.and(entry(column));
        }
        return table;
    }

    private static Entry entry(ObjectNode declared) {
        String type = Json.text(declared, "type");
        Column column = new Column(
                Json.text(declared, "name"),
                type,
                Json.text(declared, "format"),
                Json.text(declared, "description"),
                (int) Json.number(declared, "priority"));
        Optional<JsonPath> path = JsonPath.parse(Json.text(declared, "jsonPath"));
        return new Entry(
                column,
                row -> path.flatMap(it -> it.first(row.object()))
                        .map(value -> cell(type, value, row))
                        .orElse(NullNode.getInstance()));
    }

    /** A value of another type than the column's is not shown. */
    private static Object cell(String type, JsonNode value, Row row) {
        return switch (type) {
            case "integer" -> value.isNumber() ? value.asLong() : NullNode.getInstance();
            case "number" -> value.isNumber() ? value : NullNode.getInstance();
            case "boolean" -> value.isBoolean() ? value : NullNode.getInstance();
            case "date" -> value.isTextual() ? HumanDuration.since(value.asText(), row.now()) : NullNode.getInstance();
            default -> value.isContainerNode() ? value.toString() : value.asText();
        };
    }
}
