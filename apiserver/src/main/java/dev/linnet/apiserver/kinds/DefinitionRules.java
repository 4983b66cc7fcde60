package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.CustomSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** CustomResourceDefinitions: defaults, checks, and what stays once the kind is served. */
final class DefinitionRules {
    private DefinitionRules() {}

    static void applyDefaults(ObjectNode definition) {
        ObjectNode spec = Json.object(definition, "spec");
        ObjectNode names = Json.object(spec, "names");
        String kind = Json.text(names, "kind");
        Json.putDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
        if (!kind.isEmpty()) {
            Json.putDefault(names, "listKind", kind + "List");
        }
        Json.putDefault(Json.object(spec, "conversion"), "strategy", "None");
    }

    static void check(Field definition, Violations violations) {
        Field spec = definition.at("spec");
        Field group = spec.at("group");
        String expected = spec.at("names", "plural").text() + "." + group.text();
        if (!definition.at("metadata", "name").text().equals(expected)) {
            violations.invalid(definition.at("metadata", "name"), "must be spec.names.plural+\".\"+spec.group");
        }
        if (group.isZero()) {
            violations.required(group);
        } else {
            violations.invalid(group, Names.subdomain(group.text()));
            if (!group.text().contains(".")) {
                violations.invalid(group, "should be a domain with at least one dot");
            }
        }
        violations.oneOf(spec.at("scope"), List.of("Cluster", "Namespaced"));
        checkVersions(spec, violations);
        checkNames(spec.at("names"), violations);
        violations.oneOf(spec.at("conversion", "strategy"), List.of("None", "Webhook"));
    }

    private static void checkVersions(Field spec, Violations violations) {
        Field versions = spec.at("versions");
        Set<Object> names = new HashSet<>();
        int stored = 0;
        boolean unique = true;
        for (Field version : versions.items()) {
            violations.invalid(
                    version.at("name"), Names.label1035(version.at("name").text()));
            unique &= names.add(version.at("name").text());
            stored += version.at("storage").isTrue() ? 1 : 0;
            checkVersion(version, violations);
        }
        if (!unique) {
            violations.invalid(versions, "must contain unique version names");
        }
        if (stored != 1) {
            violations.invalid(versions, "must have exactly one version marked as storage version");
        }
    }

    private static void checkVersion(Field version, Violations violations) {
        Field schema = version.at("schema", "openAPIV3Schema");
        if (schema.value() instanceof ObjectNode openApi) {
            CustomSchema.structuralErrors(openApi, schema.path()).forEach(violations::add);
        } else {
            violations.required(schema, "schemas are required");
        }
        Field scale = version.at("subresources", "scale");
        if (scale.isSet()) {
            checkScalePath(scale.at("specReplicasPath"), ".spec.", violations);
            checkScalePath(scale.at("statusReplicasPath"), ".status.", violations);
        }
        for (Field column : version.at("additionalPrinterColumns").items()) {
            if (column.at("name").isZero()) {
                violations.required(column.at("name"));
            }
            violations.oneOf(column.at("type"), List.of("boolean", "date", "integer", "number", "string"));
            if (column.at("jsonPath").isZero()) {
                violations.required(column.at("jsonPath"));
            }
        }
    }

    /** Compiling is expensive: what has not changed is not compiled again. */
    static void checkRules(Field definition, Violations violations) {
        for (Field version : definition.at("spec", "versions").items()) {
            checkRulesOf(version, violations);
        }
    }

    private static void checkRulesOf(Field version, Violations violations) {
        Field schema = version.at("schema", "openAPIV3Schema");
        if (schema.value() instanceof ObjectNode openApi) {
            CustomSchema.ruleErrors(openApi, schema.path()).forEach(violations::add);
        }
    }

    private static void checkScalePath(Field path, String prefix, Violations violations) {
        if (path.isZero()) {
            violations.required(path);
        } else if (!path.text().startsWith(prefix)) {
            violations.invalid(path, "should be a json path under " + prefix.substring(0, prefix.length() - 1));
        }
    }

    private static void checkNames(Field names, Violations violations) {
        Field plural = names.at("plural");
        violations.invalid(plural, Names.label1035(plural.text()));
        Field singular = names.at("singular");
        violations.invalid(singular, Names.label1035(singular.text()));
        for (String name : List.of("kind", "listKind")) {
            Field kind = names.at(name);
            if (kind.isZero()) {
                violations.required(kind);
                continue;
            }
            for (String wrong : Names.label1035(kind.text().toLowerCase(Locale.ROOT))) {
                violations.invalid(kind, "may have mixed case, but should otherwise match: " + wrong);
            }
        }
        for (Field shortName : names.at("shortNames").items()) {
            violations.invalid(shortName, Names.label1035(shortName.text()));
        }
        if (!names.at("kind").isZero()
                && names.at("kind").text().equals(names.at("listKind").text())) {
            violations.invalid(names.at("listKind"), "kind and listKind may not be the same");
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        violations.immutable(before.at("spec", "group"), after.at("spec", "group"));
        violations.immutable(before.at("spec", "names", "plural"), after.at("spec", "names", "plural"));
        for (Field version : after.at("spec", "versions").items()) {
            boolean same = before.at("spec", "versions").items().stream()
                    .anyMatch(earlier -> Json.same(
                            earlier.at("schema").value(), version.at("schema").value()));
            if (!same) {
                checkRulesOf(version, violations);
            }
        }
        if (before.value() instanceof ObjectNode object && Conditions.isTrue(object, "Established")) {
            violations.immutable(before.at("spec", "scope"), after.at("spec", "scope"));
            violations.immutable(before.at("spec", "names", "kind"), after.at("spec", "names", "kind"));
        }
    }
}
