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
                .selectable("status.phase")
                .table(CoreTables.namespaces())
                .declare();
    }

    private static ResourceKind node() {
        return Kinds.kind("", "v1", "Node")
                .shortNames("no")
                .clusterScoped()
                .status()
                .selectable("spec.unschedulable", node -> Boolean.toString(Json.isTrue(node, "spec", "unschedulable")))
                .table(CoreTables.nodes())
                .declare();
    }

    private static ResourceKind pod() {
        return Kinds.kind("", "v1", "Pod")
                .shortNames("po")
                .categories("all")
                .status()
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
                .table(CoreTables.configMaps())
                .declare();
    }

    private static ResourceKind secret() {
        return Kinds.kind("", "v1", "Secret")
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
                .declare();
    }

    private static ResourceKind volume() {
        return Kinds.kind("", "v1", "PersistentVolume")
                .shortNames("pv")
                .clusterScoped()
                .status()
                .declare();
    }

    private static ResourceKind volumeClaim() {
        return Kinds.kind("", "v1", "PersistentVolumeClaim")
                .shortNames("pvc")
                .status()
                .declare();
    }

    private static ResourceKind podTemplate() {
        return Kinds.kind("", "v1", "PodTemplate").generation().declare();
    }
}
