package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** HorizontalPodAutoscalers in the form of autoscaling/v2: defaults and checks. */
final class AutoscalerRules {
    private static final int CPU_PERCENT = 80;
    private static final int POLICY_SECONDS = 15;
    private static final int WINDOW_MAX = 3600;
    private static final int PERIOD_MAX = 1800;

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
        checkReference(spec.at("scaleTargetRef"), violations);
        AutoscalerMetricRules.check(spec, violations);
        for (String direction : List.of("scaleUp", "scaleDown")) {
            Field rules = spec.at("behavior", direction);
            if (rules.isSet()) {
                checkPace(rules, violations);
            }
        }
    }

    static void checkReference(Field reference, Violations violations) {
        for (String name : List.of("kind", "name")) {
            Field field = reference.at(name);
            if (field.isZero()) {
                violations.required(field);
            } else {
                violations.invalid(field, Names.pathSegment(field.text()));
            }
        }
    }

    private static void checkPace(Field rules, Violations violations) {
        Field window = rules.at("stabilizationWindowSeconds");
        if (window.number() < 0) {
            violations.invalid(window, "must be greater than or equal to zero");
        }
        if (window.number() > WINDOW_MAX) {
            violations.invalid(window, "must be less than or equal to " + WINDOW_MAX);
        }
        violations.noneOrOneOf(rules.at("selectPolicy"), List.of("Disabled", "Max", "Min"));
        if (rules.at("policies").size() == 0) {
            violations.required(rules.at("policies"), "must specify at least one Policy");
        }
        for (Field policy : rules.at("policies").items()) {
            violations.oneOf(policy.at("type"), List.of("Percent", "Pods"));
            for (String name : List.of("value", "periodSeconds")) {
                if (policy.at(name).number() <= 0) {
                    violations.invalid(policy.at(name), policy.at(name).number(), "must be greater than zero");
                }
            }
            if (policy.at("periodSeconds").number() > PERIOD_MAX) {
                violations.invalid(policy.at("periodSeconds"), "must be less than or equal to " + PERIOD_MAX);
            }
        }
    }
}
