package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That somebody has a role: one subject of a RoleBinding or ClusterRoleBinding.
 *
 * @param scope  the namespace in which the role holds; empty for everywhere
 * @param holder who has it
 * @param origin the binding, as messages name it
 */
record Grant(String scope, Holder holder, RoleName role, String origin) {

    /** A user or a group, by name. ServiceAccounts are users. */
    record Holder(boolean group, String name) {}

    /** What a binding grants. What is not as it should be grants nothing. */
    static List<Grant> of(ObjectNode binding) {
        Meta meta = Meta.of(binding);
        RoleName role = RoleName.referredBy(binding.path("roleRef"), meta.namespace());
        List<Grant> grants = new ArrayList<>();
        for (JsonNode subject : binding.path("subjects")) {
            holder(subject, meta.namespace())
                    .map(holder -> new Grant(meta.namespace(), holder, role, origin(meta, role, subject)))
                    .ifPresent(grants::add);
        }
        return List.copyOf(grants);
    }

    private static Optional<Holder> holder(JsonNode subject, String bindingNamespace) {
        String name = subject.path("name").asText("");
        return switch (subject.path("kind").asText("")) {
            case "User" -> Optional.of(new Holder(false, name));
            case "Group" -> Optional.of(new Holder(true, name));
            case "ServiceAccount" -> {
                ServiceAccountName account = new ServiceAccountName(namespace(subject, bindingNamespace), name);
                yield Optional.of(new Holder(false, account.user()));
            }
            default -> Optional.empty();
        };
    }

    private static String namespace(JsonNode subject, String bindingNamespace) {
        String own = subject.path("namespace").asText("");
        return own.isEmpty() ? bindingNamespace : own;
    }

    /** {@code RoleBinding "read/team" of Role "reader" to User "jane"}, as Kubernetes words it. */
    private static String origin(Meta binding, RoleName role, JsonNode subject) {
        boolean cluster = binding.namespace().isEmpty();
        String kind = subject.path("kind").asText("");
        String name = subject.path("name").asText("");
        String who = kind.equals("ServiceAccount") ? name + "/" + namespace(subject, binding.namespace()) : name;
        return (cluster
                        ? "ClusterRoleBinding \"" + binding.name()
                        : "RoleBinding \"" + binding.name() + "/" + binding.namespace())
                + "\" of " + role.kind() + " \"" + role.name() + "\" to " + kind + " \"" + who + "\"";
    }
}
