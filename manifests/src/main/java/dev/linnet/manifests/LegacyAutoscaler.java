package dev.linnet.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** HorizontalPodAutoscalers as they were written before autoscaling/v2. */
final class LegacyAutoscaler {
    private static final Set<String> VERSIONS = Set.of("autoscaling/v2beta1", "autoscaling/v2beta2");

    private LegacyAutoscaler() {}

    static boolean isLegacy(JsonNode object) {
        return VERSIONS.contains(object.path("apiVersion").asText())
                && object.path("kind").asText().equals("HorizontalPodAutoscaler");
    }

    /** Changes the object into one of autoscaling/v2 that means the same. v2beta2 has its shape already. */
    static void toV2(ObjectNode autoscaler) {
        boolean flat = autoscaler.path("apiVersion").asText().equals("autoscaling/v2beta1");
        autoscaler.put("apiVersion", "autoscaling/v2");
        if (!flat) {
            return;
        }
        for (JsonNode metric : autoscaler.path("spec").path("metrics")) {
            for (String kind : new String[] {"resource", "containerResource", "pods", "object", "external"}) {
                if (metric.get(kind) instanceof ObjectNode source) {
                    toV2(kind, source);
                }
            }
        }
    }

    private static void toV2(String kind, ObjectNode source) {
        if (kind.equals("object")) {
            move(source, "target", source, "describedObject");
        }
        if (source.has("metricName")) {
            ObjectNode metric = source.putObject("metric");
            move(source, "metricName", metric, "name");
            move(source, kind.equals("external") ? "metricSelector" : "selector", metric, "selector");
        }
        ObjectNode target = source.objectNode();
        move(source, "targetAverageUtilization", target, "averageUtilization");
        move(source, "targetAverageValue", target, "averageValue");
        move(source, "averageValue", target, "averageValue");
        move(source, "targetValue", target, "value");
        if (!target.isEmpty()) {
            String type = target.has("averageUtilization")
                    ? "Utilization"
                    : target.has("averageValue") ? "AverageValue" : "Value";
            source.set("target", target.put("type", type));
        }
    }

    private static void move(ObjectNode from, String name, ObjectNode to, String newName) {
        JsonNode value = from.remove(name);
        if (value != null) {
            to.set(newName, value);
        }
    }
}
