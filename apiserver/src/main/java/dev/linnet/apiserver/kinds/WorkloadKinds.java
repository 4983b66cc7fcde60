package dev.linnet.apiserver.kinds;

import java.util.List;

/** Kinds that make Pods, and what scales them. */
final class WorkloadKinds {
    private WorkloadKinds() {}

    static List<ResourceKind> all() {
        return List.of(
                deployment(),
                replicaSet(),
                daemonSet(),
                statefulSet(),
                controllerRevision(),
                job(),
                cronJob(),
                horizontalPodAutoscaler());
    }

    private static ResourceKind deployment() {
        return Kinds.kind("apps", "v1", "Deployment")
                .shortNames("deploy")
                .categories("all")
                .status()
                .generation()
                .scale("spec.replicas", "status.replicas", "spec.selector")
                .defaults(WorkloadRules::applyDeploymentDefaults)
                .validate(WorkloadRules::checkDeployment)
                .validateUpdate(WorkloadRules::checkSameSelector)
                .validateStatus(StatusRules::checkReplicas)
                .table(WorkloadTables.deployments())
                .declare();
    }

    private static ResourceKind replicaSet() {
        return Kinds.kind("apps", "v1", "ReplicaSet")
                .shortNames("rs")
                .categories("all")
                .status()
                .generation()
                .scale("spec.replicas", "status.replicas", "spec.selector")
                .selectable("status.replicas", set -> Long.toString(Json.number(set, "status", "replicas")))
                .defaults(WorkloadRules::applyReplicaSetDefaults)
                .validate(WorkloadRules::checkReplicaSet)
                .validateUpdate(WorkloadRules::checkSameSelector)
                .validateStatus(StatusRules::checkReplicas)
                .table(WorkloadTables.replicaSets())
                .declare();
    }

    private static ResourceKind daemonSet() {
        return Kinds.kind("apps", "v1", "DaemonSet")
                .shortNames("ds")
                .categories("all")
                .status()
                .generation()
                .defaults(SetRules::applyDaemonSetDefaults)
                .validate(SetRules::checkDaemonSet)
                .validateUpdate(WorkloadRules::checkSameSelector)
                .table(WorkloadTables.daemonSets())
                .declare();
    }

    private static ResourceKind statefulSet() {
        return Kinds.kind("apps", "v1", "StatefulSet")
                .shortNames("sts")
                .categories("all")
                .status()
                .generation()
                .scale("spec.replicas", "status.replicas", "spec.selector")
                .defaults(SetRules::applyStatefulSetDefaults)
                .validate(SetRules::checkStatefulSet)
                .validateUpdate(SetRules::checkStatefulSetUpdate)
                .table(WorkloadTables.statefulSets())
                .declare();
    }

    private static ResourceKind controllerRevision() {
        // Its data is a patch: nulls in it say what to delete.
        return Kinds.verbatim("apps", "v1", "ControllerRevision")
                .table(WorkloadTables.controllerRevisions())
                .declare();
    }

    private static ResourceKind job() {
        return Kinds.kind("batch", "v1", "Job")
                .categories("all")
                .status()
                .generation()
                .selectable("status.successful", job -> Long.toString(Json.number(job, "status", "succeeded")))
                .defaults(JobRules::applyJobDefaults)
                .validate(JobRules::checkJob)
                .table(WorkloadTables.jobs())
                .declare();
    }

    private static ResourceKind cronJob() {
        return Kinds.kind("batch", "v1", "CronJob")
                .shortNames("cj")
                .categories("all")
                .status()
                .generation()
                .defaults(JobRules::applyCronJobDefaults)
                .validate(JobRules::checkCronJob)
                .table(WorkloadTables.cronJobs())
                .declare();
    }

    private static ResourceKind horizontalPodAutoscaler() {
        return Kinds.kind("autoscaling", "v2", "HorizontalPodAutoscaler")
                .shortNames("hpa")
                .categories("all")
                .status()
                .alsoServed("autoscaling", "v1", new AutoscalerVersions.V1())
                .alsoServed("autoscaling", "v2beta2", new AutoscalerVersions.V2Beta2())
                .alsoServed("autoscaling", "v2beta1", new AutoscalerVersions.V2Beta1())
                .defaults(AutoscalerRules::applyDefaults)
                .validate(AutoscalerRules::check)
                .validateStatus(StatusRules::checkProposal)
                .table(AutoscalerTable.table())
                .declare();
    }
}
