package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** CustomResourceDefinitions: defaults, checks, and what stays once the kind is served. */
final class DefinitionRules {
    private static final String APPROVAL = "api-approved.kubernetes.io";

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
        checkGroup(group, violations);
        if (spec.at("scope").isZero()) {
            violations.required(spec.at("scope"));
        }
        violations.noneOrOneOf(spec.at("scope"), List.of("Cluster", "Namespaced"));
        checkVersions(spec, violations);
        DefinitionNameRules.check(spec.at("names"), violations);
        checkConversion(spec.at("conversion"), violations);
        checkStoredVersions(definition, violations);
        if (spec.at("preserveUnknownFields").isTrue()) {
            violations.invalid(
                    spec.at("preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
    }

    private static void checkGroup(Field group, Violations violations) {
        if (group.isZero()) {
            violations.required(group);
            return;
        }
        List<String> wrong = Names.subdomain(group.text());
        if (!wrong.isEmpty()) {
            violations.invalid(group, String.join(",", wrong));
        } else if (!group.text().contains(".")) {
            violations.invalid(group, "should be a domain with at least one dot");
        }
    }

    private static void checkVersions(Field spec, Violations violations) {
        Field versions = spec.at("versions");
        Set<Object> names = new HashSet<>();
        int stored = 0;
        boolean unique = true;
        for (Field version : versions.items()) {
            Field name = version.at("name");
            List<String> wrong = Names.label1035(name.text());
            if (!wrong.isEmpty()) {
                violations.invalid(name, String.join(",", wrong));
            }
            unique &= names.add(name.text());
            stored += version.at("storage").isTrue() ? 1 : 0;
            DefinitionVersionRules.check(version, violations);
        }
        if (!unique) {
            violations.invalid(versions, "must contain unique version names");
        }
        if (stored != 1) {
            violations.invalid(versions, "must have exactly one version marked as storage version");
        }
    }

    private static void checkConversion(Field conversion, Violations violations) {
        violations.oneOf(conversion.at("strategy"), List.of("None", "Webhook"));
        Field webhook = conversion.at("webhook");
        Field config = webhook.at("clientConfig");
        if (conversion.at("strategy").text().equals("Webhook")) {
            if (!config.isSet()) {
                violations.required(conversion.at("webhookClientConfig"), "required when strategy is set to Webhook");
            } else if (config.at("url").isSet() == config.at("service").isSet()) {
                violations.required(conversion.at("webhookClientConfig"), "exactly one of url or service is required");
            }
            if (webhook.at("conversionReviewVersions").size() == 0) {
                violations.required(conversion.at("conversionReviewVersions"));
            }
        } else if (config.isSet()) {
            violations.forbidden(
                    conversion.at("webhookClientConfig"), "should not be set when strategy is not set to Webhook");
        }
    }

    /** Objects may be stored in any version that was ever the stored one. */
    private static void checkStoredVersions(Field definition, Violations violations) {
        Set<String> names = new HashSet<>();
        definition
                .at("spec", "versions")
                .items()
                .forEach(version -> names.add(version.at("name").text()));
        for (Field stored : definition.at("status", "storedVersions").items()) {
            String name = stored.text();
            if (!names.contains(name)) {
                violations.invalid(
                        stored,
                        "missing from spec.versions; " + name
                                + " was previously a storage version, and must remain in spec.versions until a storage migration"
                                + " ensures no data remains persisted in " + name + " and removes " + name
                                + " from status.storedVersions");
            }
        }
    }

    static void checkCreate(Field definition, Violations violations) {
        checkApproval(definition, violations);
        checkRules(definition, List.of(), violations);
    }

    /**
     * Compiling is expensive: versions are often alike, and what is sound once is not compiled again.
     *
     * @param before schemas that this definition has had already
     */
    private static void checkRules(Field definition, List<JsonNode> before, Violations violations) {
        List<JsonNode> sound = new ArrayList<>(before);
        for (Field version : definition.at("spec", "versions").items()) {
            JsonNode schema = version.at("schema").value();
            boolean known = sound.stream().anyMatch(earlier -> Json.same(earlier, schema));
            if (!known && DefinitionVersionRules.rulesAreSound(version, violations)) {
                sound.add(schema);
            }
        }
    }

    /** Groups of the Kubernetes project need its approval, or a word that there is none. */
    private static void checkApproval(Field definition, Violations violations) {
        String group = "." + definition.at("spec", "group").text();
        if (!group.endsWith(".k8s.io") && !group.endsWith(".kubernetes.io")) {
            return;
        }
        Field approval = definition.at("metadata", "annotations").key(APPROVAL);
        String needed = "protected groups must have approval annotation \"" + APPROVAL + "\"";
        String see = ", see https://github.com/kubernetes/enhancements/pull/1111";
        if (approval.isZero()) {
            violations.required(approval, needed + see);
        } else if (!approval.text().startsWith("unapproved") && !approval.text().matches("[a-z]+://[^/]+.*")) {
            violations.invalid(approval, needed + " with either a URL or a reason starting with \"unapproved\"" + see);
        }
    }

    static void checkUpdate(Field before, Field after, Violations violations) {
        violations.immutable(before.at("spec", "group"), after.at("spec", "group"));
        violations.immutable(before.at("spec", "names", "plural"), after.at("spec", "names", "plural"));
        List<JsonNode> schemas = new ArrayList<>();
        before.at("spec", "versions")
                .items()
                .forEach(version -> schemas.add(version.at("schema").value()));
        checkRules(after, schemas, violations);
        if (before.value() instanceof ObjectNode object && Conditions.isTrue(object, "Established")) {
            violations.immutable(before.at("spec", "scope"), after.at("spec", "scope"));
            violations.immutable(before.at("spec", "names", "kind"), after.at("spec", "names", "kind"));
        }
        Field approval = before.at("metadata", "annotations").key(APPROVAL);
        if (!Json.same(
                approval.value(),
                after.at("metadata", "annotations").key(APPROVAL).value())) {
            checkApproval(after, violations);
        }
    }
}
