package dev.linnet.apiserver.kinds;

import dev.linnet.apiserver.kinds.ResourceKind.NameRule;
import java.util.List;

/** Access rules, budgets, leases, classes, and definitions of further kinds. */
final class PolicyKinds {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private PolicyKinds() {}

    static List<ResourceKind> all() {
        return List.of(
                lease(),
                disruptionBudget(),
                role(),
                roleBinding(),
                clusterRole(),
                clusterRoleBinding(),
                customResourceDefinition(),
                priorityClass(),
                storageClass());
    }

    private static ResourceKind lease() {
        return Kinds.kind("coordination.k8s.io", "v1", "Lease")
                .validate(CoreRules::checkLease)
                .table(CoreTables.leases())
                .declare();
    }

    private static ResourceKind disruptionBudget() {
        return Kinds.kind("policy", "v1", "PodDisruptionBudget")
                .shortNames("pdb")
                .names(NameRule.PATH_SEGMENT)
                .status()
                .generation()
                .defaults(CoreRules::applyBudgetDefaults)
                .validate(CoreRules::checkBudget)
                .table(CoreTables.disruptionBudgets())
                .declare();
    }

    private static ResourceKind role() {
        return Kinds.kind(RBAC, "v1", "Role")
                .names(NameRule.PATH_SEGMENT)
                .validate(AccessRules::checkRole)
                .table(Table.named().createdAt())
                .declare();
    }

    private static ResourceKind clusterRole() {
        return Kinds.kind(RBAC, "v1", "ClusterRole")
                .clusterScoped()
                .validate(AccessRules::checkClusterRole)
                .names(NameRule.PATH_SEGMENT)
                .table(Table.named().createdAt())
                .declare();
    }

    private static ResourceKind roleBinding() {
        return Kinds.kind(RBAC, "v1", "RoleBinding")
                .names(NameRule.PATH_SEGMENT)
                .defaults(AccessRules::applyBindingDefaults)
                .validate(AccessRules::checkRoleBinding)
                .validateUpdate(AccessRules::checkBindingUpdate)
                .table(CoreTables.roleBindings())
                .declare();
    }

    private static ResourceKind clusterRoleBinding() {
        return Kinds.kind(RBAC, "v1", "ClusterRoleBinding")
                .clusterScoped()
                .defaults(AccessRules::applyBindingDefaults)
                .validate(AccessRules::checkClusterRoleBinding)
                .validateUpdate(AccessRules::checkBindingUpdate)
                .names(NameRule.PATH_SEGMENT)
                .table(CoreTables.roleBindings())
                .declare();
    }

    private static ResourceKind customResourceDefinition() {
        return Kinds.kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .clusterScoped()
                .status()
                .generation()
                .defaults(DefinitionRules::applyDefaults)
                .validate(DefinitionRules::check)
                .validateCreate(DefinitionRules::checkCreate)
                .validateUpdate(DefinitionRules::checkUpdate)
                .table(Table.named().createdAt())
                .declare();
    }

    private static ResourceKind priorityClass() {
        return Kinds.kind("scheduling.k8s.io", "v1", "PriorityClass")
                .plural("priorityclasses")
                .shortNames("pc")
                .clusterScoped()
                .generation()
                .defaults(CoreRules::applyPriorityDefaults)
                .validateUpdate(CoreRules::checkPriorityUpdate)
                .table(CoreTables.priorityClasses())
                .declare();
    }

    private static ResourceKind storageClass() {
        return Kinds.kind("storage.k8s.io", "v1", "StorageClass")
                .plural("storageclasses")
                .shortNames("sc")
                .clusterScoped()
                .defaults(StorageRules::applyClassDefaults)
                .declare();
    }
}
