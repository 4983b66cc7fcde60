package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.run.Cookies;
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
    record Kind(String group, String version, String name, String plural) {
        /** What no other kind is called: {@code virtualservices.networking.istio.io}. */
        public String fullName() {
            return plural + "." + group;
        }
    }

    /** Another object that belongs to it. */
    record Beside(Kind kind, String name, ObjectNode spec) {}

    /** The objects that are made with it. */
    List<Beside> beside();

    /** Why what an object says is not obeyed yet, as far as its status tells; empty if it is. */
    Optional<String> lag(JsonNode object);

    /** Why no such object can be made; empty if it can. */
    Optional<String> objection();

    /** What its spec should be. */
    ObjectNode spec(Traffic traffic, Cookies cookies);

    /** Fields of its spec that are left as they are: they are about other traffic, or about who sees it. */
    List<String> leftAlone();

    /** What its spec should be until it goes with its Canary: all requests meet the Service that callers use, and so the target. */
    ObjectNode withoutVersions();

    /** What a spec says, also where somebody else has changed its weights; empty when it says nothing sensible. */
    Optional<Traffic> traffic(JsonNode spec);
}
