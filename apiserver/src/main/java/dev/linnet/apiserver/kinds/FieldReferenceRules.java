package dev.linnet.apiserver.kinds;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Pod may tell its containers about itself: {@code fieldRef} and {@code resourceFieldRef}. */
final class FieldReferenceRules {
    private static final Pattern KEYED = Pattern.compile("(.*)\\['(.*)'\\]");

    /** What a path may name at all; which of these are of use depends on the place. */
    private static final List<String> KNOWN = List.of(
            "metadata.annotations",
            "metadata.labels",
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.serviceAccountName",
            "spec.schedulerName",
            "status.phase",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");

    private static final List<String> RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final List<String> BYTES =
            List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
    private static final Map<String, String> UNITS =
            Map.of("memory", "memory", "ephemeral-storage", "local ephemeral storage");

    private FieldReferenceRules() {}

    /** @param allowed paths that are of use here, beside single labels and annotations */
    static void checkField(Field reference, List<String> allowed, Violations violations) {
        Field path = reference.at("fieldPath");
        if (path.isZero()) {
            violations.required(path);
            return;
        }
        Matcher keyed = KEYED.matcher(path.text());
        if (keyed.matches()) {
            checkKeyed(reference, keyed.group(1), keyed.group(2), violations);
        } else if (!KNOWN.contains(path.text())) {
            violations.invalid(path, "error converting fieldPath: field label not supported: " + path.text());
        } else {
            violations.oneOf(path, allowed);
        }
    }

    private static void checkKeyed(Field reference, String map, String key, Violations violations) {
        switch (map) {
            case "metadata.annotations" -> {
                String lower = key.toLowerCase(Locale.ROOT);
                violations.invalid(reference, lower, Names.qualifiedName(lower));
            }
            case "metadata.labels" -> violations.invalid(reference, key, Names.qualifiedName(key));
            default ->
                violations.invalid(
                        reference.at("fieldPath"),
                        "error converting fieldPath: field label does not support subscript: "
                                + reference.at("fieldPath").text());
        }
    }

    /** @param ofContainer whether the container must be named: files have none of their own */
    static void checkResource(Field reference, boolean ofContainer, Violations violations) {
        Field resource = reference.at("resource");
        if (ofContainer && reference.at("containerName").isZero()) {
            violations.required(reference.at("containerName"));
        } else if (resource.isZero()) {
            violations.required(resource);
        } else if (!resource.text().matches("(requests|limits)\\.hugepages-.*")) {
            violations.oneOf(resource, RESOURCES);
        }
        checkDivisor(reference, resource.text(), violations);
    }

    private static void checkDivisor(Field reference, String resource, Violations violations) {
        Field divisor = reference.at("divisor");
        Optional<Quantity> amount = Quantity.parse(divisor.text());
        if (amount.isEmpty() || amount.get().value().signum() == 0) {
            return;
        }
        String unit = resource.substring(resource.indexOf('.') + 1);
        String shown = amount.get().canonical();
        if (unit.equals("cpu") && !List.of("1m", "1").contains(shown)) {
            violations.invalid(divisor, resource, "only divisor's values 1m and 1 are supported with the cpu resource");
        } else if (UNITS.containsKey(unit) && !BYTES.contains(shown)) {
            violations.invalid(
                    divisor,
                    resource,
                    "only divisor's values " + String.join(", ", BYTES) + " are supported with the " + UNITS.get(unit)
                            + " resource");
        }
    }
}
