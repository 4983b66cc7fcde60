package dev.linnet.rollout.evidence;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.evidence.WorkloadStatus.OfRevision;
import dev.linnet.rollout.plan.Names;

/** When a revision of a Knative Service is ready: Flagger's words, with Knative's reason, and the deadline that Flagger lacks. */
record RevisionReadiness(Names names) {

    Readiness of(OfRevision status, Demand demand) {
        if (status.isReady()) {
            return new Readiness.Ready();
        }
        String text = "Knative Revision " + status.name() + "." + names.namespace() + " is not ready";
        String why = status.why().isEmpty() ? "" : ": " + status.why();
        return demand.isExceededSince(status.unavailableSince())
                ? new Readiness.NotReady(
                        text + ": exceeded its progressDeadlineSeconds: "
                                + demand.deadline().toSeconds() + why,
                        false,
                        false)
                : new Readiness.NotReady(text + why, true, false);
    }
}
