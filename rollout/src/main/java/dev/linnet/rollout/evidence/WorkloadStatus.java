package dev.linnet.rollout.evidence;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.plan.Names;
import java.time.Duration;
import java.time.Instant;

/** What a workload's status says about its Pods, and whether they can serve: Flagger's rules and words. */
public sealed interface WorkloadStatus {

    /**
     * A Deployment's.
     *
     * @param isObserved       whether the status is of the present spec
     * @param pods             how many there are
     * @param deadlineExceeded its condition Progressing has the reason ProgressDeadlineExceeded
     * @param unavailableSince when its condition Available became False with the reason MinimumReplicasUnavailable; {@link Instant#MAX} if
     *                         it is not
     */
    record OfDeployment(boolean isObserved, Pods pods, boolean deadlineExceeded, Instant unavailableSince)
            implements WorkloadStatus {}

    /**
     * A DaemonSet's.
     *
     * @param isObserved       whether the status is of the present spec
     * @param pods             how many there are
     * @param unavailableSince since when it has not been ready
     */
    record OfDaemonSet(boolean isObserved, Pods pods, Instant unavailableSince) implements WorkloadStatus {}

    /**
     * Of a revision of a Knative Service, whose Pods come and go with its requests.
     *
     * @param name             its name
     * @param isReady          whether Knative can bring requests to it
     * @param why              what it lacks, in Knative's words; may be empty
     * @param unavailableSince since when it has not been ready
     */
    record OfRevision(String name, boolean isReady, String why, Instant unavailableSince) implements WorkloadStatus {}

    /**
     * Numbers of Pods.
     *
     * @param desired   how many there should be
     * @param present   how many there are, old ones too
     * @param updated   how many have the present template
     * @param available how many can serve
     */
    record Pods(int desired, int present, int updated, int available) {}

    /**
     * What is demanded.
     *
     * @param threshold percent of the updated Pods that must be available
     * @param deadline  how long they may take
     * @param now       the time
     */
    record Demand(int threshold, Duration deadline, Instant now) {
        int of(int pods) {
            return pods * threshold / 100;
        }

        boolean isExceededSince(Instant since) {
            return !since.equals(Instant.MAX) && now.isAfter(since.plus(deadline));
        }
    }

    /** Whether this side of a release can serve. */
    default Readiness readiness(Side side, Names names, Demand demand) {
        return switch (this) {
            case OfDeployment deployment -> new DeploymentReadiness(side, names).of(deployment, demand);
            case OfDaemonSet daemonSet -> new DaemonSetReadiness(side, names).of(daemonSet, demand);
            case OfRevision revision -> new RevisionReadiness(names).of(revision, demand);
        };
    }
}
