package dev.linnet.kubernetes.schemas;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the client's models back the names of their OpenAPI definitions. The client calls both {@code apps} Deployment and
 * {@code meta} LabelSelector {@code V1…}; which group a model belongs to follows from, in this order: the prefix that it
 * carries where two groups share a name, the protobuf package that has a message of that name, and which groups use it.
 */
final class DefinitionNames {
    private static final Pattern MODEL = Pattern.compile("([A-Z][a-z]+)?(V[0-9]+)(.+)");

    private final ProtobufMessages messages;
    private final Map<String, Set<GroupVersion>> usersByModel = new TreeMap<>();

    DefinitionNames(ProtobufMessages messages) {
        this.messages = messages;
    }

    void addUser(Class<?> model, GroupVersion user) {
        usersByModel
                .computeIfAbsent(model.getSimpleName(), _ -> new LinkedHashSet<>())
                .add(user);
    }

    /** {@code io.k8s.api.apps.v1.Deployment} for {@code V1Deployment}. */
    String of(Class<?> model) {
        Matcher matcher = MODEL.matcher(model.getSimpleName());
        if (!matcher.matches()) {
            throw new IllegalStateException("Model " + model.getName() + " has an unexpected name");
        }
        Optional<String> prefix = Optional.ofNullable(matcher.group(1));
        String version = matcher.group(2).toLowerCase(Locale.ROOT);
        String kind = matcher.group(3);
        return prefix.map(group -> byPrefix(group, version))
                        .or(() -> messages.packageWith(kind, version))
                        .orElseGet(() -> byUse(model))
                + "." + kind;
    }

    private String byPrefix(String prefix, String version) {
        return GroupVersion.ALL.stream()
                .filter(candidate -> candidate.version().equals(version))
                .filter(candidate -> candidate.modelPrefix().equals(prefix))
                .map(GroupVersion::definitions)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No group-version is called " + prefix + " " + version));
    }

    private String byUse(Class<?> model) {
        Set<GroupVersion> users = usersByModel.getOrDefault(model.getSimpleName(), Set.of());
        if (users.contains(GroupVersion.CORE)) {
            return GroupVersion.CORE.definitions();
        }
        if (users.size() == 1) {
            return users.iterator().next().definitions();
        }
        List<String> names = users.stream().map(GroupVersion::name).toList();
        throw new IllegalStateException(
                "Cannot tell which group " + model.getSimpleName() + " belongs to: it is used by " + names);
    }
}
