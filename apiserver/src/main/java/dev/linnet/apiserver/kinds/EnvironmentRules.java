package dev.linnet.apiserver.kinds;

import java.util.List;
import java.util.regex.Pattern;

/** What {@code env} and {@code envFrom} of a container must satisfy. */
final class EnvironmentRules {
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef");
    private static final List<String> FIELDS = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Pattern KEYED_FIELD = Pattern.compile("metadata\\.(labels|annotations)\\['[^']+']");

    private EnvironmentRules() {}

    static void check(Field container, Violations violations) {
        for (Field variable : container.at("env").items()) {
            if (variable.at("name").isZero()) {
                violations.required(variable.at("name"));
            } else {
                violations.invalid(
                        variable.at("name"),
                        Names.environmentName(variable.at("name").text()));
            }
            if (variable.at("valueFrom").isSet()) {
                checkSource(variable, violations);
            }
        }
        for (Field source : container.at("envFrom").items()) {
            checkWholeSource(source, violations);
        }
    }

    private static void checkSource(Field variable, Violations violations) {
        Field from = variable.at("valueFrom");
        long sources = SOURCES.stream().filter(name -> from.at(name).isSet()).count();
        checkField(from.at("fieldRef"), violations);
        if (from.at("resourceFieldRef").isSet()
                && from.at("resourceFieldRef", "resource").isZero()) {
            violations.required(from.at("resourceFieldRef", "resource"));
        }
        checkKey(from.at("configMapKeyRef"), violations);
        checkKey(from.at("secretKeyRef"), violations);
        if (sources == 0) {
            violations.invalid(
                    from,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        } else if (!variable.at("value").isZero()) {
            violations.invalid(from, "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            violations.invalid(from, "", "may not have more than one field specified at a time");
        }
    }

    private static void checkField(Field reference, Violations violations) {
        Field path = reference.at("fieldPath");
        if (reference.isSet() && path.isZero()) {
            violations.required(path);
        } else if (reference.isSet() && !KEYED_FIELD.matcher(path.text()).matches()) {
            violations.oneOf(path, FIELDS);
        }
    }

    private static void checkKey(Field reference, Violations violations) {
        if (!reference.isSet()) {
            return;
        }
        violations.invalid(
                reference.at("name"), Names.subdomain(reference.at("name").text()));
        if (reference.at("key").isZero()) {
            violations.required(reference.at("key"));
        } else {
            violations.invalid(
                    reference.at("key"), Names.configKey(reference.at("key").text()));
        }
    }

    private static void checkWholeSource(Field source, Violations violations) {
        boolean configMap = source.at("configMapRef").isSet();
        boolean secret = source.at("secretRef").isSet();
        for (String name : List.of("configMapRef", "secretRef")) {
            if (source.at(name).isSet() && source.at(name, "name").isZero()) {
                violations.required(source.at(name, "name"));
            }
        }
        if (!configMap && !secret) {
            violations.invalid(source, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (configMap && secret) {
            violations.invalid(source, "", "may not have more than one field specified at a time");
        }
    }
}
