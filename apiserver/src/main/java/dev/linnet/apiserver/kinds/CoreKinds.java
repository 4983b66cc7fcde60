package dev.linnet.apiserver.kinds;

import dev.linnet.apiserver.kinds.ResourceKind.NameRule;
import java.util.List;

/** The core group, but for Services and their endpoints. */
final class CoreKinds {
    private CoreKinds() {}

    static List<ResourceKind> all() {
        return List.of(
                namespace(),
                node(),
                pod(),
                configMap(),
                secret(),
                serviceAccount(),
                event(),
                limitRange(),
                resourceQuota(),
                volume(),
                volumeClaim(),
                podTemplate());
    }

    private static ResourceKind namespace() {
        return Kinds.kind("", "v1", "Namespace")
                .shortNames("ns")
                .clusterScoped()
                .status()
                .names(NameRule.LABEL)
                .defaults(CoreRules::applyNamespaceDefaults)
                .validate(CoreRules::checkNamespace)
                .validateStatus(StatusRules::checkNamespace)
                .selectable("status.phase")
                .table(CoreTables.namespaces())
                .declare();
    }

    private static ResourceKind node() {
        return Kinds.kind("", "v1", "Node")
                .shortNames("no")
                .clusterScoped()
                .status()
                .defaults(CoreRules::applyNodeDefaults)
                .validate(CoreRules::checkNode)
                .validateUpdate(CoreRules::checkNodeUpdate)
                .selectable("spec.unschedulable", node -> Boolean.toString(Json.isTrue(node, "spec", "unschedulable")))
                .table(CoreTables.nodes())
                .declare();
    }

    private static ResourceKind pod() {
        return Kinds.kind("", "v1", "Pod")
                .shortNames("po")
                .categories("all")
                .status()
                .defaults(PodDefaults::applyToPod)
                .validate(PodRules::check)
                .validateCreate(PodRules::checkCreate)
                .validateUpdate(PodRules::checkUpdate)
                .selectable(
                        "spec.nodeName",
                        "spec.restartPolicy",
                        "spec.schedulerName",
                        "spec.serviceAccountName",
                        "status.phase",
                        "status.podIP",
                        "status.nominatedNodeName")
                .selectable("spec.hostNetwork", pod -> Boolean.toString(Json.isTrue(pod, "spec", "hostNetwork")))
                .table(PodTable.table())
                .declare();
    }

    private static ResourceKind configMap() {
        return Kinds.kind("", "v1", "ConfigMap")
                .shortNames("cm")
                .validate(ConfigRules::checkConfigMap)
                .validateUpdate(ConfigRules::checkConfigMapUpdate)
                .table(CoreTables.configMaps())
                .declare();
    }

    private static ResourceKind secret() {
        return Kinds.kind("", "v1", "Secret")
                .normalise(ConfigRules::normaliseSecret)
                .defaults(ConfigRules::applySecretDefaults)
                .validate(ConfigRules::checkSecret)
                .validateUpdate(ConfigRules::checkSecretUpdate)
                .selectable("type")
                .table(CoreTables.secrets())
                .declare();
    }

    private static ResourceKind serviceAccount() {
        return Kinds.kind("", "v1", "ServiceAccount")
                .shortNames("sa")
                .table(CoreTables.serviceAccounts())
                .declare();
    }

    private static ResourceKind event() {
        return Kinds.kind("", "v1", "Event")
                .shortNames("ev")
                .alsoServed("events.k8s.io", "v1", new EventVersions())
                .names(NameRule.PATH_SEGMENT)
                .validate(EventRules::check)
                .selectable(
                        "involvedObject.kind",
                        "involvedObject.namespace",
                        "involvedObject.name",
                        "involvedObject.uid",
                        "involvedObject.apiVersion",
                        "involvedObject.resourceVersion",
                        "involvedObject.fieldPath",
                        "reason",
                        "reportingComponent",
                        "type")
                .selectable(
                        "source",
                        event -> Json.textOr(Json.text(event, "reportingComponent"), event, "source", "component"))
                .table(CoreTables.events())
                .declare();
    }

    private static ResourceKind limitRange() {
        return Kinds.kind("", "v1", "LimitRange")
                .shortNames("limits")
                .table(Table.named().createdAt())
                .declare();
    }

    private static ResourceKind resourceQuota() {
        return Kinds.kind("", "v1", "ResourceQuota")
                .shortNames("quota")
                .status()
                .defaults(CoreRules::applyQuotaDefaults)
                .declare();
    }

    private static ResourceKind volume() {
        return Kinds.kind("", "v1", "PersistentVolume")
                .shortNames("pv")
                .clusterScoped()
                .status()
                .defaults(StorageRules::applyVolumeDefaults)
                .declare();
    }

    private static ResourceKind volumeClaim() {
        return Kinds.kind("", "v1", "PersistentVolumeClaim")
                .shortNames("pvc")
                .status()
                .defaults(StorageRules::applyClaimDefaults)
                .declare();
    }

    private static ResourceKind podTemplate() {
        return Kinds.kind("", "v1", "PodTemplate")
                .generation()
                .defaults(PodDefaults::applyToTemplate)
                .declare();
    }
}
