package dev.linnet.apiserver.kinds;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What volumes and their mounts must satisfy. */
final class VolumeRules {
    /** What a volume of this kind cannot do without. */
    private static final Map<String, String> REQUIRED = Map.of(
            "secret", "secretName",
            "configMap", "name",
            "persistentVolumeClaim", "claimName",
            "hostPath", "path");

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
        String required = REQUIRED.get(type);
        if (required != null && source.at(required).isZero()) {
            violations.required(source.at(required));
        }
        if (type.equals("secret") || type.equals("configMap")) {
            source.at("items").items().forEach(item -> checkItem(item, violations));
        }
    }

    private static void checkItem(Field item, Violations violations) {
        if (item.at("key").isZero()) {
            violations.required(item.at("key"));
        }
        if (item.at("path").isZero()) {
            violations.required(item.at("path"));
        } else {
            checkDescending(item.at("path"), violations);
        }
    }

    private static void checkDescending(Field path, Violations violations) {
        if (path.text().startsWith("/")) {
            violations.invalid(path, "must be a relative path");
        }
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
            if (!mount.at("subPath").isZero()) {
                checkDescending(mount.at("subPath"), violations);
            }
        }
    }
}
