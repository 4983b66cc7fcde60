package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Pod's state in a few words, as kubectl users read it. The status is the most telling of phase, reason of the Pod, state
 * of an init container, and state of a container; deletion overrides them.
 *
 * @param ready       {@code 1/2}: containers that are ready, of all that keep running
 * @param lastRestart RFC 3339; empty if nothing was ever restarted
 */
record PodSummary(String ready, String status, long restarts, String lastRestart) {

    static PodSummary of(ObjectNode pod) {
        return new Reader(pod).read();
    }

    /** Counts while it walks over the container statuses. */
    private static final class Reader {
        private final ObjectNode pod;
        private final Set<String> sidecars;
        private String status;
        private long readyCount;
        private long restarts;
        private String lastRestart = "";
        private long sidecarRestarts;
        private String lastSidecarRestart = "";
        private boolean initialising;

        Reader(ObjectNode pod) {
            this.pod = pod;
            this.sidecars = Json.objects(pod, "spec", "initContainers").stream()
                    .filter(container -> Json.text(container, "restartPolicy").equals("Always"))
                    .map(container -> Json.text(container, "name"))
                    .collect(Collectors.toUnmodifiableSet());
            this.status = Json.textOr(Json.text(pod, "status", "phase"), pod, "status", "reason");
        }

        PodSummary read() {
            boolean gated = Conditions.find(pod, "PodScheduled")
                    .filter(condition -> Json.text(condition, "reason").equals("SchedulingGated"))
                    .isPresent();
            if (gated) {
                status = "SchedulingGated";
            }
            readInitContainers();
            if (!initialising || Conditions.isTrue(pod, "Initialized")) {
                readContainers();
            }
            overrideByDeletion();
            int total = Json.at(pod, "spec", "containers").size() + sidecars.size();
            return new PodSummary(readyCount + "/" + total, status, restarts, lastRestart);
        }

        private void readInitContainers() {
            List<ObjectNode> statuses = Json.objects(pod, "status", "initContainerStatuses");
            for (int i = 0; i < statuses.size(); i++) {
                ObjectNode container = statuses.get(i);
                boolean sidecar = sidecars.contains(Json.text(container, "name"));
                countRestarts(container, sidecar);
                if (!isDone(container, sidecar)) {
                    status = "Init:" + initProgress(container, i);
                    initialising = true;
                    return;
                }
            }
        }

        private void countRestarts(ObjectNode container, boolean sidecar) {
            long count = Json.number(container, "restartCount");
            String ended = Json.text(container, "lastState", "terminated", "finishedAt");
            restarts += count;
            lastRestart = later(lastRestart, ended);
            if (sidecar) {
                sidecarRestarts += count;
                lastSidecarRestart = later(lastSidecarRestart, ended);
            }
        }

        /** RFC 3339 times in UTC with whole seconds compare as text. */
        private static String later(String one, String other) {
            return one.compareTo(other) >= 0 ? one : other;
        }

        private boolean isDone(ObjectNode container, boolean sidecar) {
            Optional<ObjectNode> terminated = Json.find(container, "state", "terminated");
            if (terminated.isPresent() && Json.number(terminated.get(), "exitCode") == 0) {
                return true;
            }
            boolean started = sidecar && Json.isTrue(container, "started");
            if (started && Json.isTrue(container, "ready")) {
                readyCount++;
            }
            return started;
        }

        private String initProgress(ObjectNode container, int index) {
            Optional<ObjectNode> terminated = Json.find(container, "state", "terminated");
            if (terminated.isPresent()) {
                return endOf(terminated.get());
            }
            String waiting = Json.text(container, "state", "waiting", "reason");
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                return waiting;
            }
            return index + "/" + Json.at(pod, "spec", "initContainers").size();
        }

        private static String endOf(JsonNode terminated) {
            String reason = Json.text(terminated, "reason");
            if (!reason.isEmpty()) {
                return reason;
            }
            long signal = Json.number(terminated, "signal");
            return signal != 0 ? "Signal:" + signal : "ExitCode:" + Json.number(terminated, "exitCode");
        }

        private void readContainers() {
            restarts = sidecarRestarts;
            lastRestart = lastSidecarRestart;
            boolean running = false;
            for (ObjectNode container :
                    Json.objects(pod, "status", "containerStatuses").reversed()) {
                countRestarts(container, false);
                running |= readState(container);
            }
            if (status.equals("Completed") && running) {
                status = Conditions.isTrue(pod, "Ready") ? "Running" : "NotReady";
            }
        }

        private boolean readState(ObjectNode container) {
            String waiting = Json.text(container, "state", "waiting", "reason");
            Optional<ObjectNode> terminated = Json.find(container, "state", "terminated");
            if (!waiting.isEmpty()) {
                status = waiting;
            } else if (terminated.isPresent()) {
                status = endOf(terminated.get());
            } else if (Json.isTrue(container, "ready") && Json.isSet(container, "state", "running")) {
                readyCount++;
                return true;
            }
            return false;
        }

        private void overrideByDeletion() {
            if (!Json.isSet(pod, "metadata", "deletionTimestamp")) {
                return;
            }
            String phase = Json.text(pod, "status", "phase");
            if (Json.text(pod, "status", "reason").equals("NodeLost")) {
                status = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                status = "Terminating";
            }
        }
    }
}
