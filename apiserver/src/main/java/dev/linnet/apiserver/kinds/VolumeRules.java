package dev.linnet.apiserver.kinds;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What volumes and their mounts must satisfy. */
final class VolumeRules {
    /** What a volume of this kind cannot do without. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "secret", List.of("secretName"),
            "configMap", List.of("name"),
            "persistentVolumeClaim", List.of("claimName"),
            "hostPath", List.of("path"),
            "nfs", List.of("server", "path"),
            "csi", List.of("driver"));

    private static final List<String> HOST_PATH_TYPES =
            List.of("BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final List<String> FACTS =
            List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");
    private static final int MODE_MAX = 0777;

    private VolumeRules() {}

    static void check(Field volumes, Violations violations) {
        Set<Object> names = new HashSet<>();
        for (Field volume : volumes.items()) {
            checkSource(volume, violations);
            Field name = volume.at("name");
            if (name.isZero()) {
                violations.required(name);
                continue;
            }
            List<String> wrong = Names.label(name.text());
            violations.invalid(name, wrong);
            if (wrong.isEmpty()) {
                violations.unique(name, name.text(), names);
            }
        }
    }

    private static void checkSource(Field volume, Violations violations) {
        boolean one = false;
        for (var property : volume.value().properties()) {
            Field source = volume.at(property.getKey());
            if (!source.value().isObject()) {
                continue;
            }
            if (one) {
                violations.forbidden(source, "may not specify more than 1 volume type");
            } else {
                checkOne(property.getKey(), source, violations);
            }
            one = true;
        }
        if (!one) {
            violations.required(volume, "must specify a volume type");
        }
    }

    private static void checkOne(String type, Field source, Violations violations) {
        for (String required : REQUIRED.getOrDefault(type, List.of())) {
            if (source.at(required).isZero()) {
                violations.required(source.at(required));
            }
        }
        checkMode(source.at("defaultMode"), violations);
        switch (type) {
            case "secret", "configMap" -> source.at("items").items().forEach(item -> checkItem(item, violations));
            case "downwardAPI" -> source.at("items").items().forEach(item -> checkFact(item, source, violations));
            case "projected" -> source.at("sources").items().forEach(one -> checkProjected(one, violations));
            case "emptyDir" -> checkSize(source.at("sizeLimit"), violations);
            case "hostPath" -> {
                checkNoWayUp(source.at("path"), violations);
                violations.noneOrOneOf(source.at("type"), HOST_PATH_TYPES);
            }
            case "nfs" -> {
                if (!source.at("path").text().startsWith("/")) {
                    violations.invalid(source.at("path"), "must be an absolute path");
                }
            }
            default -> {
                // What other plug-ins need is not known here.
            }
        }
    }

    private static void checkMode(Field mode, Violations violations) {
        if (mode.number() < 0 || mode.number() > MODE_MAX) {
            violations.invalid(mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void checkSize(Field size, Violations violations) {
        if (Quantity.parse(size.text()).stream()
                .anyMatch(quantity -> quantity.value().signum() < 0)) {
            violations.forbidden(size, "SizeLimit field must be a valid resource quantity");
        }
    }

    private static void checkItem(Field item, Violations violations) {
        if (item.at("key").isZero()) {
            violations.required(item.at("key"));
        }
        checkFile(item, violations);
    }

    private static void checkFile(Field file, Violations violations) {
        Field path = file.at("path");
        if (path.isZero()) {
            violations.required(path);
        } else {
            checkDescending(path, violations);
            if (path.text().startsWith("..")
                    && !Arrays.asList(path.text().split("/", -1)).contains("..")) {
                violations.invalid(path, "must not start with '..'");
            }
        }
        checkMode(file.at("mode"), violations);
    }

    /** Messages name the source and not the item, as on a real server. */
    private static void checkFact(Field item, Field source, Violations violations) {
        Field file = new Field(item.value(), source.path());
        checkFile(file, violations);
        boolean ofPod = file.at("fieldRef").isSet();
        boolean ofContainer = file.at("resourceFieldRef").isSet();
        if (ofPod) {
            FieldReferenceRules.checkField(file.at("fieldRef"), FACTS, violations);
            if (ofContainer) {
                violations.invalid(
                        file, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (ofContainer) {
            FieldReferenceRules.checkResource(file.at("resourceFieldRef"), true, violations);
        } else {
            violations.required(file, "one of fieldRef and resourceFieldRef is required");
        }
    }

    private static void checkProjected(Field source, Violations violations) {
        for (String type : List.of("secret", "configMap")) {
            if (source.at(type).isSet() && source.at(type, "name").isZero()) {
                violations.required(source.at(type, "name"));
            }
            source.at(type, "items").items().forEach(item -> checkItem(item, violations));
        }
        Field facts = source.at("downwardAPI");
        facts.at("items").items().forEach(item -> checkFact(item, facts, violations));
    }

    private static void checkDescending(Field path, Violations violations) {
        if (path.text().startsWith("/")) {
            violations.invalid(path, "must be a relative path");
        }
        checkNoWayUp(path, violations);
    }

    private static void checkNoWayUp(Field path, Violations violations) {
        if (Arrays.asList(path.text().split("/", -1)).contains("..")) {
            violations.invalid(path, "must not contain '..'");
        }
    }

    static void checkMounts(Field mounts, Set<String> volumes, Violations violations) {
        Set<String> paths = new HashSet<>();
        for (Field mount : mounts.items()) {
            Field name = mount.at("name");
            if (name.isZero()) {
                violations.required(name);
            }
            if (!volumes.contains(name.text())) {
                violations.notFound(name);
            }
            Field path = mount.at("mountPath");
            if (path.isZero()) {
                violations.required(path);
            }
            if (!paths.add(path.text())) {
                violations.invalid(path, "must be unique");
            }
            for (String inside : List.of("subPath", "subPathExpr")) {
                // Paths have no index here, as on a real server.
                checkDescending(new Field(mount.at(inside).value(), mounts.path() + "." + inside), violations);
            }
            if (!mount.at("subPath").isZero() && !mount.at("subPathExpr").isZero()) {
                violations.invalid(mount.at("subPathExpr"), "subPathExpr and subPath are mutually exclusive");
            }
        }
    }
}
