package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.step.Traffic;
import java.util.List;
import java.util.Optional;

/** An object of one kind, named after the release's Service, that gives each version its requests. */
public sealed interface WeightedRoute permits CanaryVirtualService, CanaryHttpRoute {
    Kind kind();

    /**
     * Which kind of object it is.
     *
     * @param plural as in URLs of the API
     */
    record Kind(String group, String version, String name, String plural) {}

    /** Why no such object can be made; empty if it can. */
    Optional<String> objection();

    /** What its spec should be. */
    ObjectNode spec(Traffic traffic, List<Match> audience);

    /** The canary's share in percent that a spec says; empty when it says nothing sensible. */
    Optional<Integer> share(JsonNode spec);

    /** How many percent of the requests a spec copies to the canary, 0 being the provider's default; empty if none. */
    Optional<Integer> mirrored(JsonNode spec);
}
