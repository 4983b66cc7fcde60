package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.TargetKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Canary, read.
 *
 * @param release   the plan of its releases
 * @param service   {@code spec.service}
 * @param ingress   {@code spec.ingressRef.name}
 * @param scaler    {@code spec.autoscalerRef}
 * @param readiness what counts as ready
 * @param measuring what its metrics are asked of and about
 * @param alerts    {@code analysis.alerts}
 */
public record CanaryPlan(
        Release release,
        CanaryService service,
        Optional<String> ingress,
        Optional<ScalerRef> scaler,
        ReadyThresholds readiness,
        Measuring measuring,
        List<AlertRef> alerts) {
    public CanaryPlan {
        alerts = List.copyOf(alerts);
    }

    /** Whether an Ingress leads callers to the versions. */
    public boolean routesByIngress() {
        return ingress.isPresent() && release.routing().provider().equals("nginx");
    }

    /** Whether callers meet the versions through Linnet's gateways, which count them then: Knative has its own. */
    public boolean isSeenByGateways() {
        return release.kind() != TargetKind.KNATIVE;
    }

    /** With what metrics are asked about, where only the target itself knows. */
    public CanaryPlan measuring(String route) {
        return new CanaryPlan(
                release, service, ingress, scaler, readiness, new Measuring(measuring.server(), route), alerts);
    }

    /**
     * The target's scaler.
     *
     * @param kind        {@code HorizontalPodAutoscaler} or {@code ScaledObject}
     * @param minReplicas of the primary's, instead of the target's
     * @param maxReplicas likewise
     * @param queries     of the primary's triggers, by name, instead of the target's; empty where they follow from the target's
     */
    public record ScalerRef(
            String kind,
            String name,
            Optional<Integer> minReplicas,
            Optional<Integer> maxReplicas,
            Map<String, String> queries) {
        public ScalerRef {
            queries = Map.copyOf(queries);
        }

        public boolean isScaledObject() {
            return kind.equals("ScaledObject");
        }
    }

    /** Percent of the updated Pods that must be available. */
    public record ReadyThresholds(int primary, int canary) {}

    /**
     * What metrics are asked of and about.
     *
     * @param server of this Canary's built-in metrics and queries ({@code spec.metricsServer}), instead of the one for all
     * @param route  {@code spec.routeRef.name}, else the target's name; of a Knative Service the revision that is tried out
     */
    public record Measuring(Optional<String> server, String route) {}

    /** @param severity from which on it is told; {@code ""} is taken for {@code info} */
    public record AlertRef(String name, String severity, String provider, String namespace) {}
}
