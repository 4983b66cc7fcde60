package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.step.Traffic;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads from the rules of a route who gets the requests. The last of those that name the canary gives versions their shares: ahead of it are
 * rules for cookies, behind it that for who is not of the audience.
 *
 * @param weight   of the canary in a rule; empty if it does not name it
 * @param mirrored how many percent of its requests a rule copies to the canary, 0 being the provider's default; empty if none
 */
record RoutedTraffic(
        Analysis analysis,
        Function<JsonNode, Optional<Integer>> weight,
        Function<JsonNode, Optional<Integer>> mirrored) {

    /** Empty when they say nothing sensible. */
    Optional<Traffic> of(JsonNode rules) {
        List<JsonNode> backwards = rules.valueStream().toList().reversed();
        for (int i = 0; i < backwards.size(); i++) {
            JsonNode rule = backwards.get(i);
            Optional<Integer> found = weight.apply(rule);
            if (found.isPresent()) {
                boolean others = i > 0 && !analysis.audience().isEmpty();
                return found.filter(share -> share >= 0 && share <= 100).map(share -> of(rule, share, others));
            }
        }
        return Optional.empty();
    }

    private Traffic of(JsonNode rule, int share, boolean others) {
        return mirrored.apply(rule)
                .<Traffic>map(Traffic.Mirrored::new)
                .orElseGet(() -> others && share > 0 ? new Traffic.Audience(share) : new Traffic.Split(share));
    }
}
