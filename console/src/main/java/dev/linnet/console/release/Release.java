package dev.linnet.console.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.numbers.Version;
import dev.linnet.rollout.plan.Checks;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A Canary and its latest Run, as a person reads them.
 *
 * @param plan    how its releases go; empty where the Canary cannot be read
 * @param problem why not; else empty
 * @param names   its objects
 */
public record Release(
        CanaryObject canary, Optional<RunObject> run, Optional<CanaryPlan> plan, String problem, Names names) {

    /** @param usualProvider routes where the Canary names no provider */
    public static Release of(CanaryObject canary, Optional<RunObject> run, String usualProvider) {
        String target = canary.spec().at("/targetRef/name").asText(canary.name());
        Names names = new Names(
                canary.name(),
                canary.namespace(),
                target,
                canary.spec().at("/service/name").asText(target));
        try {
            CanaryPlan plan = CanaryReader.read(canary.metadata(), canary.spec(), usualProvider);
            return new Release(canary, run, Optional.of(plan), "", names);
        } catch (UnreadableCanary e) {
            return new Release(canary, run, Optional.empty(), String.valueOf(e.getMessage()), names);
        }
    }

    public String namespace() {
        return canary.namespace();
    }

    public String name() {
        return canary.name();
    }

    /** {@code test/podinfo}. */
    public String key() {
        return namespace() + "/" + name();
    }

    public Phase phase() {
        return RunObject.phase(canary.status().path("phase").asText(""));
    }

    /** The canary's share in percent. */
    public int weight() {
        return canary.status().path("canaryWeight").asInt();
    }

    public int failedChecks() {
        return canary.status().path("failedChecks").asInt();
    }

    /** How many failed checks end it; 0 if nobody knows. */
    public int threshold() {
        return checks().map(Checks::threshold).orElse(0);
    }

    private Optional<Checks> checks() {
        return plan.map(known -> known.release().analysis().checks());
    }

    public Duration interval() {
        return checks().map(Checks::interval).orElse(Duration.ZERO);
    }

    /**
     * Since when it has been under way, or been over; {@link Instant#EPOCH} for never. The condition {@code Promoted} says so, where there is one:
     * the other time of a status is that of its last check.
     */
    public Instant since() {
        for (JsonNode condition : canary.status().path("conditions")) {
            if (condition.path("type").asText("").equals("Promoted")) {
                return RunObject.instant(condition.path("lastTransitionTime").asText(""));
            }
        }
        return checked();
    }

    private Instant checked() {
        return RunObject.instant(canary.status().path("lastTransitionTime").asText(""));
    }

    public Steps steps() {
        if (phase() == Phase.PROMOTING || phase() == Phase.FINALISING) {
            Steps all = planned(0);
            return new Steps(all.total(), all.total());
        }
        return phase().isRunning() ? planned(weight()) : Steps.UNKNOWN;
    }

    private Steps planned(int weight) {
        int iterations = Math.max(0, canary.status().path("iterations").asInt());
        return plan.map(known -> Steps.of(known.release().analysis().strategy(), weight, iterations))
                .orElse(Steps.UNKNOWN);
    }

    public boolean paused() {
        return phase().isAnalysing() && run.map(RunObject::paused).orElse(false);
    }

    public Wait waiting() {
        return run.map(RunObject::waiting).orElse(Wait.NOTHING);
    }

    /** Whether nothing goes on until a person does something. */
    public boolean waitsForPerson() {
        if (!problem.isEmpty() || phase() == Phase.WAITING || phase() == Phase.WAITING_PROMOTION || paused()) {
            return true;
        }
        return phase().isRunning()
                && switch (waiting().what()) {
                    case GATE, RESUME, AUTHOR -> true;
                    case NOTHING, INTERVAL, NEW_VERSION, PRIMARY, CANARY, METRICS, DATA_PLANE -> false;
                };
    }

    /** Whether a failed version still serves, because the primary cannot take over from it. */
    public boolean heldForPromotion() {
        return phase() == Phase.FAILED
                && run.map(RunObject::hold).orElse("NONE").equals("PROMOTION");
    }

    /** When it should be over if every check passes: each step that is left takes an interval, and so does the last good-bye. */
    public Optional<Instant> expectedEnd() {
        Steps steps = steps();
        boolean moving = phase() == Phase.PROGRESSING || phase() == Phase.FINALISING || phase() == Phase.PROMOTING;
        if (!moving || waitsForPerson() || steps.total() == 0) {
            return Optional.empty();
        }
        Instant since = run.map(RunObject::stepSince).orElse(Instant.EPOCH);
        Instant from = since.equals(Instant.EPOCH) ? checked() : since;
        long intervals = Math.max(0, steps.total() - steps.done()) + (phase() == Phase.PROGRESSING ? 2L : 1L);
        return from.equals(Instant.EPOCH)
                ? Optional.empty()
                : Optional.of(from.plus(interval().multipliedBy(intervals)));
    }

    /** Whose requests are those of the canary, or of the primary: as the controller counts them. */
    public Version version(boolean canary) {
        return plan.filter(CanaryPlan::routesByIngress)
                .flatMap(CanaryPlan::ingress)
                .map(ingress -> Version.ofIngress(namespace(), ingress, canary))
                .orElseGet(() -> Version.ofService(namespace(), names.service(), canary));
    }
}
