package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.kinds.ResourceKind.NameRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What metadata may look like, for all kinds. Names that the server itself makes are not its business. */
public final class MetadataRules {
    private static final int ANNOTATIONS_MAX_BYTES = 256 * 1024;
    private static final Set<String> UNPREFIXED_FINALIZERS = Set.of("orphan", "foregroundDeletion", "kubernetes");

    /** Groups whose kinds are checked by the rules for all kinds alone. */
    private static final Set<String> ANY_FINALIZERS = Set.of("apiextensions.k8s.io", "coordination.k8s.io", "policy");

    private MetadataRules() {}

    /** Checks an object that is to be stored, after generateName was resolved. */
    public static List<FieldError> validate(ResourceKind kind, ObjectNode object) {
        Violations violations = new Violations();
        check(kind, Field.root(object).at("metadata"), violations);
        return violations.found();
    }

    private static void check(ResourceKind kind, Field metadata, Violations violations) {
        NameRule rule = kind.rules().nameRule();
        Field prefix = metadata.at("generateName");
        if (!prefix.isZero()) {
            nameErrors(rule, asName(prefix.text())).forEach(detail -> violations.invalid(prefix, detail));
        }
        Field name = metadata.at("name");
        if (name.isZero()) {
            violations.required(name, "name or generateName is required");
        } else {
            violations.invalid(name, nameErrors(rule, name.text()));
        }
        checkNamespace(kind, metadata.at("namespace"), violations);
        checkLabels(metadata.at("labels"), violations);
        checkAnnotations(metadata.at("annotations"), violations);
        checkOwners(metadata.at("ownerReferences"), violations);
        checkFinalizers(kind, metadata.at("finalizers"), violations);
    }

    /** A prefix may end in a hyphen: letters follow. */
    private static String asName(String prefix) {
        boolean masked = prefix.length() > 1 && prefix.endsWith("-");
        return masked ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
    }

    private static List<String> nameErrors(NameRule rule, String name) {
        return switch (rule) {
            case SUBDOMAIN -> Names.subdomain(name);
            case LABEL -> Names.label(name);
            case LABEL_1035 -> Names.label1035(name);
            case PATH_SEGMENT -> Names.pathSegment(name);
        };
    }

    private static void checkNamespace(ResourceKind kind, Field namespace, Violations violations) {
        if (!kind.namespaced()) {
            if (!namespace.isZero()) {
                violations.forbidden(namespace, "not allowed on this type");
            }
        } else if (namespace.isZero()) {
            violations.required(namespace);
        } else {
            violations.invalid(namespace, Names.label(namespace.text()));
        }
    }

    /** Keys and values of labels, here and in Pod templates and selectors. */
    static void checkLabels(Field labels, Violations violations) {
        for (Map.Entry<String, String> label : labels.strings().entrySet()) {
            for (String detail : Names.qualifiedName(label.getKey())) {
                violations.invalid(labels, label.getKey(), detail);
            }
            for (String detail : Names.labelValue(label.getValue())) {
                violations.invalid(labels, label.getValue(), detail);
            }
        }
    }

    static void checkAnnotations(Field annotations, Violations violations) {
        long bytes = 0;
        for (Map.Entry<String, String> annotation : annotations.strings().entrySet()) {
            String key = annotation.getKey();
            // Unlike in labels, upper case is allowed in the prefix.
            for (String detail : Names.qualifiedName(key.toLowerCase(Locale.ROOT))) {
                violations.invalid(annotations, key, detail);
            }
            bytes += utf8Length(key) + utf8Length(annotation.getValue());
        }
        if (bytes > ANNOTATIONS_MAX_BYTES) {
            violations.tooLong(annotations, ANNOTATIONS_MAX_BYTES);
        }
    }

    private static long utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Paths have no index here, as on a real server. */
    private static void checkOwners(Field owners, Violations violations) {
        String controller = "";
        for (Field item : owners.items()) {
            Field owner = new Field(item.value(), owners.path());
            checkOwner(owner, violations);
            if (!owner.at("controller").isTrue()) {
                continue;
            }
            String name = owner.at("kind").text() + "/" + owner.at("name").text();
            if (!controller.isEmpty()) {
                violations.invalid(
                        owners,
                        "Only one reference can have Controller set to true. Found \"true\" in references for "
                                + controller + " and " + name);
            } else {
                controller = name;
            }
        }
    }

    private static void checkOwner(Field owner, Violations violations) {
        if (owner.at("apiVersion").isZero()) {
            violations.invalid(owner.at("apiVersion"), "version must not be empty");
        }
        for (String name : List.of("kind", "name", "uid")) {
            if (owner.at(name).isZero()) {
                violations.invalid(owner.at(name), "must not be empty");
            }
        }
        if (owner.at("apiVersion").text().equals("v1")
                && owner.at("kind").text().equals("Event")) {
            violations.invalid(owner, "/v1, Kind=Event is disallowed from being an owner");
        }
    }

    /** Definitions, custom kinds and some others may have finalizers without a prefix, as on a real API server. */
    private static void checkFinalizers(ResourceKind kind, Field finalizers, Violations violations) {
        List<String> names = Json.texts(finalizers.value());
        for (String name : names) {
            violations.invalid(finalizers, name, Names.qualifiedName(name));
        }
        if (names.contains("orphan") && names.contains("foregroundDeletion")) {
            violations.invalid(finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
        String group = kind.group();
        boolean custom = group.contains(".") && !group.endsWith(".k8s.io");
        if (custom || ANY_FINALIZERS.contains(group)) {
            return;
        }
        for (Field finalizer : finalizers.items()) {
            checkStandardFinalizer(finalizer, violations);
        }
    }

    /** Also for the finalizers of a namespace's spec. */
    static void checkStandardFinalizer(Field finalizer, Violations violations) {
        String name = finalizer.text();
        if (!name.contains("/") && !UNPREFIXED_FINALIZERS.contains(name)) {
            violations.invalid(finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }
}
