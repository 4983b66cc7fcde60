package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One metric of an autoscaler, between the form of autoscaling/v2 ({@code metric}, {@code target}, {@code current}) and the flat
 * form of autoscaling/v2beta1 ({@code metricName}, {@code targetAverageValue}, {@code currentValue}), which annotations of
 * autoscaling/v1 use, too.
 */
final class AutoscalerMetrics {
    private static final String UTILIZATION = "averageUtilization";
    private static final String AVERAGE = "averageValue";
    private static final List<String> VALUES = List.of(UTILIZATION, AVERAGE, "value");

    private AutoscalerMetrics() {}

    /** Values that are wanted, or measured. */
    private enum Side {
        TARGET("target"),
        CURRENT("current");

        private final String field;

        Side(String field) {
            this.field = field;
        }

        /** {@code averageValue} is {@code targetAverageValue}, but plain in Object metrics. */
        private String flat(String type, String value) {
            if (type.equals("Object") && value.equals(AVERAGE)) {
                return AVERAGE;
            }
            return field + Character.toUpperCase(value.charAt(0)) + value.substring(1);
        }
    }

    static ObjectNode specToFlat(ObjectNode metric) {
        return toFlat(metric, Side.TARGET);
    }

    static ObjectNode statusToFlat(ObjectNode metric) {
        return toFlat(metric, Side.CURRENT);
    }

    static ObjectNode specToNested(ObjectNode metric) {
        return toNested(metric, Side.TARGET);
    }

    static ObjectNode statusToNested(ObjectNode metric) {
        return toNested(metric, Side.CURRENT);
    }

    private static ObjectNode toFlat(ObjectNode metric, Side side) {
        String type = Json.text(metric, "type");
        String source = AutoscalerRules.sourceName(type);
        ObjectNode from = Json.object(metric, source);
        ObjectNode to = Json.newObject();
        move(from, "name", to, "name");
        move(from, "container", to, "container");
        move(from, "describedObject", to, "target");
        move(from.path("metric"), "name", to, "metricName");
        move(from.path("metric"), "selector", to, type.equals("External") ? "metricSelector" : "selector");
        for (String value : VALUES) {
            move(from.path(side.field), value, to, side.flat(type, value));
        }
        ObjectNode flat = Json.newObject().put("type", type);
        flat.set(source, to);
        return flat;
    }

    private static ObjectNode toNested(ObjectNode metric, Side side) {
        String type = Json.text(metric, "type");
        String source = AutoscalerRules.sourceName(type);
        ObjectNode from = Json.object(metric, source);
        ObjectNode to = Json.newObject();
        move(from, "name", to, "name");
        move(from, "container", to, "container");
        move(from, "target", to, "describedObject");
        ObjectNode named = Json.newObject();
        move(from, "metricName", named, "name");
        move(from, type.equals("External") ? "metricSelector" : "selector", named, "selector");
        if (!named.isEmpty()) {
            to.set("metric", named);
        }
        ObjectNode values = to.putObject(side.field);
        if (side == Side.TARGET) {
            values.put("type", targetType(type, from));
        }
        for (String value : VALUES) {
            move(from, side.flat(type, value), values, value);
        }
        ObjectNode nested = Json.newObject().put("type", type);
        nested.set(source, to);
        return nested;
    }

    /** The flat form says by its field names what kind of target it is. */
    private static String targetType(String type, JsonNode flat) {
        if (Json.isSet(flat, Side.TARGET.flat(type, UTILIZATION))) {
            return "Utilization";
        }
        return Json.isSet(flat, Side.TARGET.flat(type, AVERAGE)) ? "AverageValue" : "Value";
    }

    private static void move(JsonNode from, String name, ObjectNode to, String newName) {
        if (Json.isSet(from, name)) {
            to.set(newName, from.get(name));
        }
    }
}
