package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A DestinationRule, read (spec §2).
 *
 * @param host      whole name, or pattern with a star in front
 * @param exportTo  namespaces that may see it; empty for all
 * @param policy    of the whole Service
 * @param subsets   by name
 */
record DestinationRule(
        IstioObject object,
        String host,
        Set<String> exportTo,
        PolicyBlocks policy,
        Map<String, Part> subsets,
        List<Problem> problems) {
    DestinationRule {
        subsets = Map.copyOf(subsets);
        problems = List.copyOf(problems);
    }

    /** A subset. */
    record Part(Map<String, String> labels, PolicyBlocks policy) {
        Part {
            labels = Map.copyOf(labels);
        }
    }

    boolean isVisibleIn(String namespace) {
        return exportTo.isEmpty() || exportTo.contains(namespace);
    }

    /** Whether it says more than subsets and how endpoints are chosen. */
    boolean limits() {
        return policy.limits()
                || subsets.values().stream().anyMatch(part -> part.policy().limits());
    }

    static DestinationRule read(IstioObject object) {
        Author author = new Author(object.ref());
        JsonNode spec = object.spec();
        String namespace = object.ref().namespace();
        PolicyReader policies = new PolicyReader(author);
        author.notObeyed(spec, "spec", "workloadSelector");
        Map<String, Part> subsets = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode subset : spec.path("subsets")) {
            String where = "spec.subsets[" + index++ + "]";
            String name = subset.path("name").asText("");
            Part part = new Part(
                    MatchReader.labels(subset.path("labels")),
                    policies.read(subset.path("trafficPolicy"), where + ".trafficPolicy"));
            if (subsets.putIfAbsent(name, part) != null) {
                author.mistake(where + ".name", "is " + name + " a second time (expected: once)");
            }
        }
        return new DestinationRule(
                object,
                Names.host(spec.path("host").asText(""), namespace),
                VirtualServiceReader.exportTo(spec.path("exportTo"), namespace),
                policies.read(spec.path("trafficPolicy"), "spec.trafficPolicy"),
                subsets,
                author.problems());
    }
}
