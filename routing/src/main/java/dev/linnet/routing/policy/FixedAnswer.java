package dev.linnet.routing.policy;

/**
 * What the gateway answers itself, word for word (Istio's direct response, spec §1.11).
 *
 * @param status 200 to 599
 * @param type   of the body
 * @param body   may be empty
 */
public record FixedAnswer(int status, String type, String body) {
    /** Of what the gateway says in words. */
    public static final String TEXT = "text/plain; charset=utf-8";

    public FixedAnswer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status is " + status + " (expected: 200 to 599)");
        }
    }

    public FixedAnswer(int status, String body) {
        this(status, TEXT, body);
    }
}
