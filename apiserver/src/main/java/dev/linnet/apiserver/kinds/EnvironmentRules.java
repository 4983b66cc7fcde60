package dev.linnet.apiserver.kinds;

import java.util.List;

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
            checkWholeSource(container.at("envFrom"), source, violations);
        }
    }

    private static void checkSource(Field variable, Violations violations) {
        Field from = variable.at("valueFrom");
        long sources = SOURCES.stream().filter(name -> from.at(name).isSet()).count();
        if (from.at("fieldRef").isSet()) {
            FieldReferenceRules.checkField(from.at("fieldRef"), FIELDS, violations);
        }
        if (from.at("resourceFieldRef").isSet()) {
            FieldReferenceRules.checkResource(from.at("resourceFieldRef"), false, violations);
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

    /** Messages about the number of sources name the whole list, as on a real server. */
    private static void checkWholeSource(Field all, Field source, Violations violations) {
        Field prefix = source.at("prefix");
        if (!prefix.isZero()) {
            violations.invalid(prefix, Names.environmentName(prefix.text()));
        }
        int sources = 0;
        for (String type : List.of("configMapRef", "secretRef")) {
            if (source.at(type).isSet()) {
                sources++;
                checkSourceName(source.at(type, "name"), violations);
            }
        }
        if (sources == 0) {
            violations.invalid(all, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (sources > 1) {
            violations.invalid(all, "", "may not have more than one field specified at a time");
        }
    }

    private static void checkSourceName(Field name, Violations violations) {
        if (name.isZero()) {
            violations.required(name);
        } else {
            violations.invalid(name, Names.subdomain(name.text()));
        }
    }
}
