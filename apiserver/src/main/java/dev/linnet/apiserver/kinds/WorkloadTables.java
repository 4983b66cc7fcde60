package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.Table.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** What {@code kubectl get} shows of the kinds that make Pods. */
final class WorkloadTables {
    private static final String[] TEMPLATE = {"spec", "template", "spec", "containers"};
    private static final String[] CRON_TEMPLATE = {"spec", "jobTemplate", "spec", "template", "spec", "containers"};

    private WorkloadTables() {}

    static Table deployments() {
        Table table = Table.named()
                .with(
                        "Ready",
                        "Number of the pod with ready state",
                        row -> row.number("status", "readyReplicas") + "/" + row.number("spec", "replicas"))
                .with("Up-to-date", "Pods of the newest template", row -> row.number("status", "updatedReplicas"))
                .with(
                        "Available",
                        "Pods that are ready for at least minReadySeconds",
                        row -> row.number("status", "availableReplicas"))
                .age();
        return selector(containers(table, TEMPLATE));
    }

    static Table replicaSets() {
        Table table = Table.named()
                .withNumber("Desired", "Pods asked for", row -> row.number("spec", "replicas"))
                .withNumber("Current", "Pods that exist", row -> row.number("status", "replicas"))
                .withNumber("Ready", "Pods that are ready", row -> row.number("status", "readyReplicas"))
                .age();
        return selector(containers(table, TEMPLATE));
    }

    static Table daemonSets() {
        Table table = Table.named()
                .withNumber(
                        "Desired", "Nodes that should run a pod", row -> row.number("status", "desiredNumberScheduled"))
                .withNumber("Current", "Nodes that do run a pod", row -> row.number("status", "currentNumberScheduled"))
                .withNumber("Ready", "Nodes whose pod is ready", row -> row.number("status", "numberReady"))
                .withNumber(
                        "Up-to-date",
                        "Nodes with a pod of the newest template",
                        row -> row.number("status", "updatedNumberScheduled"))
                .withNumber("Available", "Nodes whose pod is available", row -> row.number("status", "numberAvailable"))
                .with(
                        "Node Selector",
                        "Labels that a node must have",
                        row -> Table.labels(row.at("spec", "template", "spec", "nodeSelector")))
                .age();
        return selector(containers(table, TEMPLATE));
    }

    static Table controllerRevisions() {
        return Table.named()
                .with("Controller", "Whose template it is", row -> controller(row.at("metadata", "ownerReferences")))
                .withNumber("Revision", "Which of its owner's templates", row -> row.number("revision"))
                .age();
    }

    /** {@code daemonset.apps/agent}. */
    private static String controller(JsonNode owners) {
        for (JsonNode owner : owners) {
            if (owner.path("controller").asBoolean()) {
                String group = owner.path("apiVersion").asText("").replaceFirst("/?[^/]*$", "");
                String kind = owner.path("kind").asText("").toLowerCase(Locale.ROOT);
                return kind + (group.isEmpty() ? "" : "." + group) + "/"
                        + owner.path("name").asText("");
            }
        }
        return Table.NONE;
    }

    static Table statefulSets() {
        Table table = Table.named()
                .with(
                        "Ready",
                        "Number of the pod with ready state",
                        row -> row.number("status", "readyReplicas") + "/" + row.number("spec", "replicas"))
                .age();
        return containers(table, TEMPLATE);
    }

    static Table jobs() {
        Table table = Table.named()
                .with("Status", "Status of the job.", WorkloadTables::jobStatus)
                .with("Completions", "Pods that succeeded, of those asked for", WorkloadTables::completions)
                .with("Duration", "Time required to complete the job.", WorkloadTables::jobDuration)
                .age();
        return selector(containers(table, TEMPLATE));
    }

    private static Object jobStatus(Row row) {
        ObjectNode job = row.object();
        if (Conditions.isTrue(job, "Complete")) {
            return "Complete";
        }
        if (Conditions.isTrue(job, "Failed")) {
            return "Failed";
        }
        if (Json.isSet(job, "metadata", "deletionTimestamp")) {
            return "Terminating";
        }
        List<String> others = List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");
        return others.stream()
                .filter(type -> Conditions.isTrue(job, type))
                .findFirst()
                .orElse("Running");
    }

    private static Object completions(Row row) {
        long succeeded = row.number("status", "succeeded");
        if (Json.isSet(row.object(), "spec", "completions")) {
            return succeeded + "/" + row.number("spec", "completions");
        }
        long parallelism = row.number("spec", "parallelism");
        return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
    }

    private static Object jobDuration(Row row) {
        String start = row.text("status", "startTime");
        String end = row.text("status", "completionTime");
        if (start.isEmpty()) {
            return "";
        }
        if (end.isEmpty()) {
            return HumanDuration.since(start, row.now());
        }
        try {
            return HumanDuration.text(Duration.between(Instant.parse(start), Instant.parse(end)));
        } catch (DateTimeParseException _) {
            return Table.UNKNOWN;
        }
    }

    static Table cronJobs() {
        Table table = Table.named()
                .with("Schedule", "The schedule in Cron format", row -> row.text("spec", "schedule"))
                .with("Timezone", "The time zone of the schedule", row -> Table.orNone(row.text("spec", "timeZone")))
                .with("Suspend", "Whether no more jobs are started", WorkloadTables::suspended)
                .withNumber("Active", "Jobs that run now", row ->
                        (long) row.at("status", "active").size())
                .with("Last Schedule", "When a job was last started", WorkloadTables::lastSchedule)
                .age();
        return containers(table, CRON_TEMPLATE)
                .wide("Selector", "Labels of the pods", row -> selectorText(row.at("spec", "jobTemplate", "spec")));
    }

    private static Object suspended(Row row) {
        return Json.isSet(row.object(), "spec", "suspend")
                ? (Json.isTrue(row.object(), "spec", "suspend") ? "True" : "False")
                : Table.UNSET;
    }

    private static Object lastSchedule(Row row) {
        return row.text("status", "lastScheduleTime").isEmpty() ? Table.NONE : row.since("status", "lastScheduleTime");
    }

    private static Table containers(Table table, String... path) {
        return table.wide("Containers", "Names of each container in the template.", row -> joined(row, "name", path))
                .wide(
                        "Images",
                        "Images referenced by each container in the template.",
                        row -> joined(row, "image", path));
    }

    private static String joined(Row row, String name, String... path) {
        return String.join(
                ",",
                Json.objects(row.object(), path).stream()
                        .map(container -> Json.text(container, name))
                        .toList());
    }

    private static Table selector(Table table) {
        return table.wide("Selector", "Labels of the pods", row -> selectorText(row.at("spec")));
    }

    private static String selectorText(JsonNode spec) {
        return Table.orNone(LabelSelectors.text(spec.path("selector")));
    }
}
