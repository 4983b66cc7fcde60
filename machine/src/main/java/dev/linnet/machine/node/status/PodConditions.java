package dev.linnet.machine.node.status;

import dev.linnet.machine.node.status.ContainerState.Terminated;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The conditions of a Pod's status, in kubelet's words. */
final class PodConditions {

    private static final List<String> OURS =
            List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    private record Verdict(boolean isTrue, String reason, String message) {
        static final Verdict YES = new Verdict(true, "", "");

        static Verdict no(String reason, String message) {
            return new Verdict(false, reason, message);
        }
    }

    private PodConditions() {}

    static List<PodCondition> of(PodReport report, Instant now) {
        Verdict containers = containersReady(report);
        Verdict sandbox = report.podIp().isPresent() ? Verdict.YES : Verdict.no("", "");
        List<PodCondition> conditions = new ArrayList<>();
        conditions.add(condition(report, "PodReadyToStartContainers", sandbox, now));
        conditions.add(condition(report, "Initialized", initialized(report), now));
        conditions.add(condition(report, "Ready", ready(report, containers), now));
        conditions.add(condition(report, "ContainersReady", containers, now));
        conditions.add(condition(report, "PodScheduled", Verdict.YES, now));
        // Readiness gates and the like belong to others.
        present(report).stream()
                .filter(condition -> !OURS.contains(condition.getType()))
                .forEach(conditions::add);
        return conditions;
    }

    static boolean isReady(PodReport report) {
        return ready(report, containersReady(report)).isTrue();
    }

    private static Verdict initialized(PodReport report) {
        if (report.phaseNow() == PodPhase.SUCCEEDED) {
            return new Verdict(true, "PodCompleted", "");
        }
        String incomplete = names(
                report.init(),
                container -> !(container.state() instanceof Terminated ended && ended.exitCode() == 0)
                        && !container.started());
        return incomplete.isEmpty()
                ? Verdict.YES
                : Verdict.no("ContainersNotInitialized", "containers with incomplete status: [" + incomplete + "]");
    }

    private static Verdict containersReady(PodReport report) {
        return switch (report.phaseNow()) {
            case SUCCEEDED -> Verdict.no("PodCompleted", "");
            case FAILED -> Verdict.no("PodFailed", "");
            case PENDING, RUNNING -> {
                String unready = names(report.main(), container -> report.ending() || !container.ready());
                yield unready.isEmpty()
                        ? Verdict.YES
                        : Verdict.no("ContainersNotReady", "containers with unready status: [" + unready + "]");
            }
        };
    }

    private static Verdict ready(PodReport report, Verdict containers) {
        if (!containers.isTrue()) {
            return containers;
        }
        List<String> closed = report.pod().getSpec().getReadinessGates().stream()
                .map(PodReadinessGate::getConditionType)
                .filter(gate -> present(report).stream()
                        .noneMatch(condition -> condition.getType().equals(gate) && isTrue(condition)))
                .toList();
        return closed.isEmpty()
                ? Verdict.YES
                : Verdict.no(
                        "ReadinessGatesNotReady",
                        closed.stream()
                                .map(gate -> "the status of pod readiness gate \"" + gate + "\" is not \"True\"")
                                .collect(Collectors.joining(", ")));
    }

    private static boolean isTrue(PodCondition condition) {
        return "True".equals(condition.getStatus());
    }

    private static String names(List<ContainerView> containers, Predicate<ContainerView> wanted) {
        return containers.stream().filter(wanted).map(ContainerView::name).collect(Collectors.joining(" "));
    }

    private static PodCondition condition(PodReport report, String type, Verdict verdict, Instant now) {
        String status = verdict.isTrue() ? "True" : "False";
        Optional<PodCondition> before = present(report).stream()
                .filter(condition -> condition.getType().equals(type) && status.equals(condition.getStatus()))
                .findFirst();
        String since = before.map(PodCondition::getLastTransitionTime).orElseGet(() -> PodReport.seconds(now));
        PodConditionBuilder condition = new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withLastTransitionTime(Objects.requireNonNullElseGet(since, () -> PodReport.seconds(now)));
        if (!verdict.reason().isEmpty()) {
            condition.withReason(verdict.reason());
        }
        if (!verdict.message().isEmpty()) {
            condition.withMessage(verdict.message());
        }
        return condition.build();
    }

    private static List<PodCondition> present(PodReport report) {
        return report.pod().getStatus() == null
                ? List.of()
                : report.pod().getStatus().getConditions();
    }
}
