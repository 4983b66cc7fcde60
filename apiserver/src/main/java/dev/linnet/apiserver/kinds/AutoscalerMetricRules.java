package dev.linnet.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the metrics of a HorizontalPodAutoscaler must satisfy. */
final class AutoscalerMetricRules {
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    private static final List<String> TARGET_TYPES = List.of("Utilization", "Value", "AverageValue");

    private AutoscalerMetricRules() {}

    static void check(Field spec, Violations violations) {
        Field metrics = spec.at("metrics");
        metrics.items().forEach(metric -> checkMetric(metric, violations));
        boolean toNothing =
                spec.at("minReplicas").isSet() && spec.at("minReplicas").number() == 0;
        boolean measuredFromOutside = metrics.items().stream()
                .anyMatch(metric ->
                        List.of("Object", "External").contains(metric.at("type").text()));
        if (toNothing && !measuredFromOutside) {
            violations.forbidden(
                    metrics, "must specify at least one Object or External metric to support scaling to zero replicas");
        }
    }

    private static void checkMetric(Field metric, Violations violations) {
        Field type = metric.at("type");
        if (type.isZero()) {
            violations.required(type, "must specify a metric source type");
        }
        violations.oneOf(type, TYPES);
        List<String> present = new ArrayList<>();
        for (String name : TYPES) {
            String source = AutoscalerRules.sourceName(name);
            if (metric.at(source).isSet()) {
                present.add(source);
            }
        }
        if (!present.isEmpty()) {
            checkSource(present.getFirst(), metric.at(present.getFirst()), violations);
        }
        if (TYPES.contains(type.text())) {
            checkOnly(metric, AutoscalerRules.sourceName(type.text()), present, violations);
        }
    }

    private static void checkOnly(Field metric, String expected, List<String> present, Violations violations) {
        if (!present.contains(expected)) {
            violations.required(metric.at(expected), "must populate information for the given metric source");
        }
        for (String source : present) {
            if (!source.equals(expected)) {
                violations.forbidden(metric.at(source), "must populate the given metric source only");
            }
        }
    }

    private static void checkSource(String type, Field source, Violations violations) {
        Field target = source.at("target");
        switch (type) {
            case "object" -> {
                AutoscalerRules.checkReference(source.at("describedObject"), violations);
                checkIdentity(source.at("metric"), violations);
                checkTarget(target, violations);
                requireOne(target, "must set either a target value or a target averageValue", violations);
            }
            case "external" -> {
                checkIdentity(source.at("metric"), violations);
                checkTarget(target, violations);
                requireOne(target, "must set either a target value for metric or a per-pod target", violations);
                if (target.at("value").isSet() && target.at("averageValue").isSet()) {
                    violations.forbidden(
                            target.at("value"), "may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                checkIdentity(source.at("metric"), violations);
                checkTarget(target, violations);
                if (!isPositive(target.at("averageValue"))) {
                    violations.required(target.at("averageValue"), "must specify a positive target averageValue");
                }
            }
            default -> checkResource(type, source, violations);
        }
    }

    private static void checkResource(String type, Field source, Violations violations) {
        if (source.at("name").isZero()) {
            violations.required(source.at("name"), "must specify a resource name");
        }
        if (type.equals("containerResource") && source.at("container").isZero()) {
            violations.required(source.at("container"), "must specify a container");
        }
        Field target = source.at("target");
        checkTarget(target, violations);
        boolean share = target.at("averageUtilization").isSet();
        boolean amount = target.at("averageValue").isSet();
        if (!share && !amount) {
            violations.required(
                    target.at("averageUtilization"), "must set either a target raw value or a target utilization");
        } else if (share && amount) {
            violations.forbidden(
                    target.at("averageValue"), "may not set both a target raw value and a target utilization");
        }
    }

    private static void checkIdentity(Field metric, Violations violations) {
        Field name = metric.at("name");
        if (name.isZero()) {
            violations.required(name, "must specify a metric name");
        } else {
            violations.invalid(name, Names.pathSegment(name.text()));
        }
    }

    private static void checkTarget(Field target, Violations violations) {
        Field type = target.at("type");
        if (type.isZero()) {
            violations.required(type, "must specify a metric target type");
        }
        if (!TARGET_TYPES.contains(type.text())) {
            violations.invalid(type, "must be either Utilization, Value, or AverageValue");
        }
        Field share = target.at("averageUtilization");
        if (share.isSet() && share.number() < 1) {
            violations.invalid(share, "must be greater than 0");
        }
        for (String name : List.of("value", "averageValue")) {
            if (target.at(name).isSet() && !isPositive(target.at(name))) {
                violations.invalid(target.at(name), "must be positive");
            }
        }
    }

    private static void requireOne(Field target, String detail, Violations violations) {
        if (!target.at("value").isSet() && !target.at("averageValue").isSet()) {
            violations.required(target.at("averageValue"), detail);
        }
    }

    private static boolean isPositive(Field amount) {
        Optional<Quantity> quantity = Quantity.parse(amount.text());
        return quantity.isPresent() && quantity.get().value().signum() > 0;
    }
}
