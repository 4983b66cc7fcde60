package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Retries;
import java.time.Duration;

/** After what another endpoint is asked (spec of ingress-nginx, §3.6). */
final class RetryAnnotations {
    private static final String ON = "proxy-next-upstream";
    private static final String WITHIN = "proxy-next-upstream-timeout";

    private RetryAnnotations() {}

    static Retries read(Annotations annotations) {
        Retries usual = annotations.options().retries();
        Duration within = Duration.ofSeconds(annotations
                .wholeNumber(WITHIN, 0, Integer.MAX_VALUE, "seconds without a unit, or 0 for no end")
                .orElse((int) usual.within().toSeconds()));
        return RetryText.read(
                annotations.text(ON),
                within,
                usual.nonIdempotent(),
                usual,
                expected -> annotations.bad(
                        ON, "is \"" + annotations.text(ON).orElse("") + "\" (expected: " + expected + ")"));
    }
}
