package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;

/** What a user is granted. */
record Rights(Cluster cluster, String user) {

    static PolicyRule follow(String group, String... resources) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withVerbs("list", "watch")
                .build();
    }

    static PolicyRule read(String secret) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(secret)
                .withVerbs("get")
                .build();
    }

    /** @param role a name that no other grant there has */
    void in(String namespace, String role, PolicyRule... rules) {
        cluster.create(new RoleBuilder()
                .withNewMetadata()
                .withName(role)
                .withNamespace(namespace)
                .endMetadata()
                .withRules(rules)
                .build());
        cluster.create(new RoleBindingBuilder()
                .withNewMetadata()
                .withName(role)
                .withNamespace(namespace)
                .endMetadata()
                .withSubjects(subject())
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", role)
                .build());
    }

    void everywhere(PolicyRule... rules) {
        cluster.create(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withRules(rules)
                .build());
        cluster.create(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withSubjects(subject())
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
                .build());
    }

    private Subject subject() {
        return new SubjectBuilder()
                .withKind("User")
                .withName(user)
                .withApiGroup("rbac.authorization.k8s.io")
                .build();
    }
}
