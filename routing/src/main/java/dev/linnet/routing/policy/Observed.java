package dev.linnet.routing.policy;

import java.util.Optional;

/**
 * What is told of a route's requests.
 *
 * @param logged whether they are in the access log, where there is one
 * @param traced what is different in their spans
 */
public record Observed(boolean logged, Traced traced) {
    /** What happens unless somebody says otherwise. */
    public static final Observed USUALLY = new Observed(true, Traced.USUALLY);

    /**
     * What goes before {@link TracingOptions}.
     *
     * @param on            whether there are any
     * @param trustsCallers whether a request goes on with the trace that it has come with
     * @param operation     what they are called
     */
    public record Traced(Optional<Boolean> on, Optional<Boolean> trustsCallers, Optional<Template> operation) {
        public static final Traced USUALLY = new Traced(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
