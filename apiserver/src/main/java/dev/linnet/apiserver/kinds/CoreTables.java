package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.kinds.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What {@code kubectl get} shows of Namespaces, Nodes, Events, configuration, access rules and budgets. */
final class CoreTables {
    private static final String ROLE_LABEL = "node-role.kubernetes.io/";

    private CoreTables() {}

    static Table namespaces() {
        return Table.named()
                .with("Status", "The status of the namespace", row -> row.text("status", "phase"))
                .age();
    }

    static Table nodes() {
        return Table.named()
                .with("Status", "The status of the node", row -> nodeStatus(row.object()))
                .with("Roles", "The roles of the node", row -> Table.orNone(nodeRoles(row.object())))
                .age()
                .with(
                        "Version",
                        "Kubelet Version reported by the node.",
                        row -> row.text("status", "nodeInfo", "kubeletVersion"))
                .wide("Internal-IP", "Address inside the cluster", row -> nodeAddress(row, "InternalIP"))
                .wide("External-IP", "Address outside the cluster", row -> nodeAddress(row, "ExternalIP"))
                .wide("OS-Image", "OS Image reported by the node", row -> nodeInfo(row, "osImage"))
                .wide("Kernel-Version", "Kernel Version reported by the node", row -> nodeInfo(row, "kernelVersion"))
                .wide(
                        "Container-Runtime",
                        "ContainerRuntime Version reported by the node",
                        row -> nodeInfo(row, "containerRuntimeVersion"));
    }

    private static String nodeStatus(ObjectNode node) {
        String ready = Conditions.find(node, "Ready")
                .map(condition -> Json.text(condition, "status").equals("True") ? "Ready" : "NotReady")
                .orElse("Unknown");
        return Json.isTrue(node, "spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static String nodeRoles(ObjectNode node) {
        Set<String> roles = new TreeSet<>();
        for (Map.Entry<String, String> label :
                Json.strings(node, "metadata", "labels").entrySet()) {
            if (label.getKey().startsWith(ROLE_LABEL)) {
                roles.add(label.getKey().substring(ROLE_LABEL.length()));
            } else if (label.getKey().equals("kubernetes.io/role")) {
                roles.add(label.getValue());
            }
        }
        roles.remove("");
        return String.join(",", roles);
    }

    private static Object nodeAddress(Row row, String type) {
        return Json.objects(row.object(), "status", "addresses").stream()
                .filter(address -> Json.text(address, "type").equals(type))
                .map(address -> Json.text(address, "address"))
                .findFirst()
                .orElse(Table.NONE);
    }

    private static Object nodeInfo(Row row, String name) {
        return Json.textOr(Table.UNKNOWN, row.object(), "status", "nodeInfo", name);
    }

    static Table events() {
        return new Table(List.of())
                .with("Last Seen", "When it last happened", CoreTables::lastSeen)
                .with("Type", "Type of this event (Normal, Warning)", row -> row.text("type"))
                .with("Reason", "Why it happened, in one word", row -> row.text("reason"))
                .with("Object", "What it is about", CoreTables::eventTarget)
                .wide("Subobject", "Part of the object", row -> row.text("involvedObject", "fieldPath"))
                .wide("Source", "Who says so", CoreTables::eventSource)
                .with("Message", "What happened", row -> row.text("message").strip())
                .wide("First Seen", "When it first happened", CoreTables::firstSeen)
                .wide("Count", "How often it happened", CoreTables::eventCount)
                .wide("Name", "Name of the event", row -> row.text("metadata", "name"));
    }

    private static String firstSeen(Row row) {
        return row.text("firstTimestamp").isEmpty() ? row.since("eventTime") : row.since("firstTimestamp");
    }

    private static Object lastSeen(Row row) {
        if (Json.isSet(row.object(), "series")) {
            return row.since("series", "lastObservedTime");
        }
        return row.text("lastTimestamp").isEmpty() ? firstSeen(row) : row.since("lastTimestamp");
    }

    private static Object eventTarget(Row row) {
        String kind = row.text("involvedObject", "kind").toLowerCase(Locale.ROOT);
        String name = row.text("involvedObject", "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static Object eventSource(Row row) {
        String component = Json.textOr(row.text("reportingComponent"), row.object(), "source", "component");
        String instance = Json.textOr(row.text("reportingInstance"), row.object(), "source", "host");
        return instance.isEmpty() ? component : component + ", " + instance;
    }

    private static Object eventCount(Row row) {
        long count = Json.isSet(row.object(), "series") ? row.number("series", "count") : row.number("count");
        return Long.toString(Math.max(1, count));
    }

    static Table configMaps() {
        return Table.named()
                .with(
                        "Data",
                        "Number of keys",
                        row -> row.at("data").size() + row.at("binaryData").size())
                .age();
    }

    static Table secrets() {
        return Table.named()
                .with("Type", "Used to facilitate programmatic handling of secret data.", row -> row.text("type"))
                .with("Data", "Number of keys", row -> row.at("data").size())
                .age();
    }

    static Table serviceAccounts() {
        return Table.named()
                .with(
                        "Secrets",
                        "Number of secrets in the service account",
                        row -> row.at("secrets").size())
                .age();
    }

    static Table leases() {
        return Table.named()
                .with("Holder", "Who holds the lease", row -> row.text("spec", "holderIdentity"))
                .age();
    }

    static Table roleBindings() {
        return Table.named()
                .with(
                        "Role",
                        "The role that is granted",
                        row -> row.text("roleRef", "kind") + "/" + row.text("roleRef", "name"))
                .age()
                .wide("Users", "Users in the roleBinding", row -> subjects(row, "User"))
                .wide("Groups", "Groups in the roleBinding", row -> subjects(row, "Group"))
                .wide("ServiceAccounts", "ServiceAccounts in the roleBinding", row -> subjects(row, "ServiceAccount"));
    }

    private static Object subjects(Row row, String kind) {
        List<String> names = new ArrayList<>();
        for (ObjectNode subject : Json.objects(row.object(), "subjects")) {
            if (Json.text(subject, "kind").equals(kind)) {
                String namespace = kind.equals("ServiceAccount") ? Json.text(subject, "namespace") + "/" : "";
                names.add(namespace + Json.text(subject, "name"));
            }
        }
        return String.join(", ", names);
    }

    static Table disruptionBudgets() {
        return Table.named()
                .with(
                        "Min Available",
                        "The minimum number of pods that must be available.",
                        row -> Json.textOr("N/A", row.object(), "spec", "minAvailable"))
                .with(
                        "Max Unavailable",
                        "The maximum number of pods that may be unavailable.",
                        row -> Json.textOr("N/A", row.object(), "spec", "maxUnavailable"))
                .withNumber(
                        "Allowed Disruptions",
                        "Calculated number of pods that may be disrupted at this time.",
                        row -> row.number("status", "disruptionsAllowed"))
                .age();
    }

    static Table priorityClasses() {
        return Table.named()
                .withNumber("Value", "The higher, the more important", row -> row.number("value"))
                .with(
                        "Global-Default",
                        "Whether it is the class of pods that name none",
                        row -> Json.isTrue(row.object(), "globalDefault"))
                .age()
                .with(
                        "PreemptionPolicy",
                        "Whether lesser pods may be ended for it",
                        row -> row.text("preemptionPolicy"));
    }
}
