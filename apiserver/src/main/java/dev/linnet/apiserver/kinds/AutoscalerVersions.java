package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.kinds.ResourceKind.VersionConverter;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers in the older versions. What a version has no field for travels in annotations, as with a real
 * server, so that an old client can read, change and write without loss.
 */
final class AutoscalerVersions {
    private static final String STORED = "autoscaling/v2";
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final String METRICS = PREFIX + "metrics";
    private static final String CURRENT_METRICS = PREFIX + "current-metrics";
    private static final String CONDITIONS = PREFIX + "conditions";
    private static final String BEHAVIOR = PREFIX + "behavior";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AutoscalerVersions() {}

    /** Differs from v2 in nothing but its name. */
    static final class V2Beta2 implements VersionConverter {
        @Override
        public ObjectNode toStored(ObjectNode served) {
            return served.put("apiVersion", STORED);
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            return stored.put("apiVersion", "autoscaling/v2beta2");
        }
    }

    /** Flat metrics, no behavior. */
    static final class V2Beta1 implements VersionConverter {
        @Override
        public ObjectNode toStored(ObjectNode served) {
            served.put("apiVersion", STORED);
            convert(served, "spec", "metrics", AutoscalerMetrics::specToNested);
            convert(served, "status", "currentMetrics", AutoscalerMetrics::statusToNested);
            fromAnnotation(served, BEHAVIOR)
                    .ifPresent(it -> Json.object(served, "spec").set("behavior", it));
            return served;
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            stored.put("apiVersion", "autoscaling/v2beta1");
            convert(stored, "spec", "metrics", AutoscalerMetrics::specToFlat);
            convert(stored, "status", "currentMetrics", AutoscalerMetrics::statusToFlat);
            toAnnotation(stored, BEHAVIOR, Json.object(stored, "spec").remove("behavior"));
            return stored;
        }
    }

    /** One target for CPU; everything else in annotations. */
    static final class V1 implements VersionConverter {
        private static final String TARGET = "targetCPUUtilizationPercentage";
        private static final String CURRENT = "currentCPUUtilizationPercentage";

        @Override
        public ObjectNode toStored(ObjectNode served) {
            served.put("apiVersion", STORED);
            ObjectNode spec = Json.object(served, "spec");
            ArrayNode metrics = Json.newArray();
            Optional.ofNullable(spec.remove(TARGET)).ifPresent(percent -> metrics.add(cpuTarget(percent)));
            for (ObjectNode other : annotatedObjects(served, METRICS)) {
                metrics.add(AutoscalerMetrics.specToNested(other));
            }
            if (!metrics.isEmpty()) {
                spec.set("metrics", metrics);
            }
            fromAnnotation(served, BEHAVIOR).ifPresent(it -> spec.set("behavior", it));
            statusToStored(served);
            return served;
        }

        private static void statusToStored(ObjectNode served) {
            List<ObjectNode> measured = annotatedObjects(served, CURRENT_METRICS);
            Optional<JsonNode> percent = Json.find(served, "status").map(status -> status.remove(CURRENT));
            if (!measured.isEmpty()) {
                // Says the percentage, too, and more.
                ArrayNode metrics = Json.object(served, "status").putArray("currentMetrics");
                measured.forEach(metric -> metrics.add(AutoscalerMetrics.statusToNested(metric)));
            } else if (percent.isPresent()) {
                ArrayNode metrics = Json.object(served, "status").putArray("currentMetrics");
                ObjectNode resource =
                        metrics.addObject().put("type", "Resource").putObject("resource");
                resource.put("name", "cpu").putObject("current").set("averageUtilization", percent.get());
            }
            fromAnnotation(served, CONDITIONS)
                    .ifPresent(it -> Json.object(served, "status").set("conditions", it));
        }

        private static ObjectNode cpuTarget(JsonNode percent) {
            ObjectNode metric = Json.newObject().put("type", "Resource");
            ObjectNode target = metric.putObject("resource").put("name", "cpu").putObject("target");
            target.put("type", "Utilization").set("averageUtilization", percent);
            return metric;
        }

        @Override
        public ObjectNode toServed(ObjectNode stored) {
            stored.put("apiVersion", "autoscaling/v1");
            ObjectNode spec = Json.object(stored, "spec");
            ArrayNode others = Json.newArray();
            for (ObjectNode metric : Json.objects(spec, "metrics")) {
                JsonNode percent = Json.at(metric, "resource", "target", "averageUtilization");
                if (isCpu(metric) && percent.isNumber() && !spec.has(TARGET)) {
                    spec.set(TARGET, percent);
                } else {
                    others.add(AutoscalerMetrics.specToFlat(metric));
                }
            }
            spec.remove("metrics");
            toAnnotation(stored, METRICS, others.isEmpty() ? null : others);
            toAnnotation(stored, BEHAVIOR, spec.remove("behavior"));
            Json.find(stored, "status").ifPresent(status -> statusToServed(stored, status));
            return stored;
        }

        private static void statusToServed(ObjectNode stored, ObjectNode status) {
            ArrayNode measured = Json.newArray();
            for (ObjectNode metric : Json.objects(status, "currentMetrics")) {
                JsonNode percent = Json.at(metric, "resource", "current", "averageUtilization");
                if (isCpu(metric) && percent.isNumber()) {
                    status.set(CURRENT, percent);
                }
                measured.add(AutoscalerMetrics.statusToFlat(metric));
            }
            status.remove("currentMetrics");
            toAnnotation(stored, CURRENT_METRICS, measured.isEmpty() ? null : measured);
            toAnnotation(stored, CONDITIONS, status.remove("conditions"));
        }

        private static boolean isCpu(ObjectNode metric) {
            return Json.text(metric, "type").equals("Resource")
                    && Json.text(metric, "resource", "name").equals("cpu");
        }
    }

    private static void convert(ObjectNode object, String part, String list, UnaryOperator<ObjectNode> conversion) {
        if (Json.at(object, part, list).isArray()) {
            ArrayNode converted = Json.newArray();
            Json.objects(object, part, list).forEach(metric -> converted.add(conversion.apply(metric)));
            Json.object(object, part).set(list, converted);
        }
    }

    private static void toAnnotation(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value != null && !value.isNull()) {
            Json.object(object, "metadata", "annotations").put(name, value.toString());
        }
    }

    private static List<ObjectNode> annotatedObjects(ObjectNode object, String name) {
        return fromAnnotation(object, name).map(Json::objects).orElse(List.of());
    }

    /** Takes an annotation away. */
    private static Optional<JsonNode> fromAnnotation(ObjectNode object, String name) {
        Optional<ObjectNode> annotations = Json.find(object, "metadata", "annotations");
        String text = annotations.map(it -> Json.text(it, name)).orElse("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode all = annotations.orElseThrow();
        all.remove(name);
        if (all.isEmpty()) {
            Json.object(object, "metadata").remove("annotations");
        }
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JsonProcessingException _) {
            throw ApiFailure.badRequest("annotation " + name + " is " + text + " (expected: JSON)");
        }
    }
}
