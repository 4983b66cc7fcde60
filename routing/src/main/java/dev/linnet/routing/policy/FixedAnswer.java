package dev.linnet.routing.policy;

/**
 * What the gateway answers itself, to every request of a route (Istio's direct response, spec §1.11).
 *
 * @param status 200 to 599
 * @param body   may be empty
 */
public record FixedAnswer(int status, String body) {
    public FixedAnswer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status is " + status + " (expected: 200 to 599)");
        }
    }
}
