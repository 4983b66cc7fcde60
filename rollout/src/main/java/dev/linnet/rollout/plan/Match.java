package dev.linnet.rollout.plan;

import java.util.Map;

/**
 * Which requests belong to the audience of an A/B test: all conditions must hold. One entry of {@code analysis.match}.
 *
 * @param headers      by header name
 * @param queryParams  by parameter name
 * @param sourceLabels labels of the calling workload
 */
public record Match(Map<String, Text> headers, Map<String, Text> queryParams, Map<String, String> sourceLabels) {

    /**
     * A condition on a text.
     *
     * @param kind  how it is compared
     * @param value with what
     */
    public record Text(Kind kind, String value) {
        /** How a text is compared. */
        public enum Kind {
            EXACT,
            PREFIX,
            SUFFIX,
            REGEX
        }
    }

    public Match {
        headers = Map.copyOf(headers);
        queryParams = Map.copyOf(queryParams);
        sourceLabels = Map.copyOf(sourceLabels);
    }
}
