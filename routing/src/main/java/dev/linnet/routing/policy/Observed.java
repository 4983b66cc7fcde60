package dev.linnet.routing.policy;

/**
 * What is told of a route's requests.
 *
 * @param logged whether they are in the access log, where there is one
 */
public record Observed(boolean logged) {
    /** What happens unless somebody says otherwise. */
    public static final Observed USUALLY = new Observed(true);
}
