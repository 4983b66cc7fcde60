package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** HorizontalPodAutoscalers in the form of autoscaling/v2: defaults and checks. */
final class AutoscalerRules {
    private static final int CPU_PERCENT = 80;
    private static final int POLICY_SECONDS = 15;
    private static final List<String> METRIC_TYPES =
            List.of("ContainerResource", "External", "Object", "Pods", "Resource");

    private AutoscalerRules() {}

    static void applyDefaults(ObjectNode autoscaler) {
        ObjectNode spec = Json.object(autoscaler, "spec");
        Json.putDefault(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode resource =
                    spec.putArray("metrics").addObject().put("type", "Resource").putObject("resource");
            resource.put("name", "cpu")
                    .putObject("target")
                    .put("type", "Utilization")
                    .put("averageUtilization", CPU_PERCENT);
        }
        for (ObjectNode metric : Json.objects(spec, "metrics")) {
            Json.find(metric, sourceName(Json.text(metric, "type")), "target").ifPresent(target -> {
                Quantities.canonicalise(target, "value");
                Quantities.canonicalise(target, "averageValue");
            });
        }
        Json.find(spec, "behavior").ifPresent(AutoscalerRules::applyToBehavior);
        StatusDefaults.counts(autoscaler, "desiredReplicas");
    }

    /** {@code ContainerResource} is described in {@code containerResource}. */
    static String sourceName(String type) {
        return type.isEmpty() ? "resource" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    }

    private static void applyToBehavior(ObjectNode behavior) {
        ObjectNode up = Json.object(behavior, "scaleUp");
        Json.putDefault(up, "stabilizationWindowSeconds", 0);
        Json.putDefault(up, "selectPolicy", "Max");
        if (up.path("policies").isEmpty()) {
            ArrayNode policies = up.putArray("policies");
            addPolicy(policies, "Pods", 4);
            addPolicy(policies, "Percent", 100);
        }
        ObjectNode down = Json.object(behavior, "scaleDown");
        Json.putDefault(down, "selectPolicy", "Max");
        if (down.path("policies").isEmpty()) {
            addPolicy(down.putArray("policies"), "Percent", 100);
        }
    }

    private static void addPolicy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", POLICY_SECONDS);
    }

    static void check(Field autoscaler, Violations violations) {
        Field spec = autoscaler.at("spec");
        Field min = spec.at("minReplicas");
        Field max = spec.at("maxReplicas");
        if (min.isSet() && min.number() < 1) {
            violations.invalid(min, "must be greater than or equal to 1");
        }
        if (max.number() < 1) {
            violations.invalid(max, max.number(), "must be greater than 0");
        }
        if (min.isSet() && max.number() < min.number()) {
            violations.invalid(max, max.number(), "must be greater than or equal to `minReplicas`");
        }
        for (String name : List.of("kind", "name")) {
            Field field = spec.at("scaleTargetRef", name);
            if (field.isZero()) {
                violations.required(field);
            } else {
                violations.invalid(field, Names.pathSegment(field.text()));
            }
        }
        spec.at("metrics").items().forEach(metric -> checkMetric(metric, violations));
        checkBehavior(spec.at("behavior"), violations);
    }

    private static void checkMetric(Field metric, Violations violations) {
        Field type = metric.at("type");
        if (type.isZero()) {
            violations.required(type, "must specify a metric source type");
        }
        violations.oneOf(type, METRIC_TYPES);
        if (!METRIC_TYPES.contains(type.text())) {
            return;
        }
        Field source = metric.at(sourceName(type.text()));
        if (!source.isSet()) {
            violations.required(source, "must populate information for the given metric source");
            return;
        }
        boolean ofResource = type.text().endsWith("Resource");
        if (ofResource && source.at("name").isZero()) {
            violations.required(source.at("name"), "must specify a resource name");
        }
        if (!ofResource && source.at("metric", "name").isZero()) {
            violations.required(source.at("metric", "name"));
        }
        checkTarget(source.at("target"), ofResource, violations);
    }

    private static void checkTarget(Field target, boolean ofResource, Violations violations) {
        Field utilization = target.at("averageUtilization");
        if (target.at("type").isZero()) {
            violations.required(target.at("type"), "must specify a metric target type");
        } else {
            violations.oneOf(target.at("type"), List.of("AverageValue", "Utilization", "Value"));
        }
        if (utilization.isSet() && utilization.number() < 1) {
            violations.invalid(utilization, "must be greater than 0");
        }
        for (String name : List.of("value", "averageValue")) {
            if (target.at(name).isSet()) {
                Quantities.check(target.at(name), violations);
            }
        }
        boolean missing = !utilization.isSet() && !target.at("averageValue").isSet();
        if (ofResource && missing) {
            violations.required(utilization, "must set either a target raw value or a target utilization");
        } else if (missing && !target.at("value").isSet()) {
            violations.required(target.at("averageValue"), "must set either a target value or a target average value");
        }
    }

    private static void checkBehavior(Field behavior, Violations violations) {
        for (String direction : List.of("scaleUp", "scaleDown")) {
            Field rules = behavior.at(direction);
            if (!rules.isSet()) {
                continue;
            }
            Field window = rules.at("stabilizationWindowSeconds");
            violations.notNegative(window);
            if (window.number() > 3600) {
                violations.invalid(window, "must be less than or equal to 3600");
            }
            violations.noneOrOneOf(rules.at("selectPolicy"), List.of("Disabled", "Max", "Min"));
            for (Field policy : rules.at("policies").items()) {
                violations.oneOf(policy.at("type"), List.of("Percent", "Pods"));
                for (String name : List.of("value", "periodSeconds")) {
                    if (policy.at(name).number() <= 0) {
                        violations.invalid(policy.at(name), policy.at(name).number(), "must be greater than zero");
                    }
                }
            }
        }
    }
}
