package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.LabelSelectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the rules of a ClusterRole with an {@code aggregationRule} are: those of all ClusterRoles that its selectors choose. */
public final class Aggregation {
    private Aggregation() {}

    /**
     * The rules that aggregated roles should have.
     *
     * @param roles all ClusterRoles, by name
     * @return by role, those whose rules are others now
     */
    public static Map<String, ArrayNode> outdated(List<ObjectNode> roles) {
        Map<String, ArrayNode> outdated = new HashMap<>();
        for (ObjectNode role : roles) {
            JsonNode selectors = role.at("/aggregationRule/clusterRoleSelectors");
            if (!selectors.isEmpty()) {
                ArrayNode gathered = gathered(role, selectors, roles);
                if (!Json.same(gathered, role.path("rules").isArray() ? role.path("rules") : Json.array())) {
                    outdated.put(Meta.of(role).name(), gathered);
                }
            }
        }
        return outdated;
    }

    private static ArrayNode gathered(ObjectNode role, JsonNode selectors, List<ObjectNode> roles) {
        ArrayNode rules = Json.array();
        for (JsonNode selector : selectors) {
            for (ObjectNode other : roles) {
                boolean chosen = !other.equals(role)
                        && LabelSelectors.matches(selector, Meta.of(other).labels());
                if (chosen) {
                    other.path("rules").forEach(rule -> addOnce(rules, rule));
                }
            }
        }
        return rules;
    }

    private static void addOnce(ArrayNode rules, JsonNode rule) {
        for (JsonNode known : rules) {
            if (Json.same(known, rule)) {
                return;
            }
        }
        rules.add(rule);
    }
}
