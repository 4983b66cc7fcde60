package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Bodies;
import java.util.Optional;
import java.util.OptionalLong;

/** How bodies of requests are taken (spec of ingress-nginx, §4.3). */
final class BodyAnnotations {
    private static final String SIZE = "proxy-body-size";
    private static final String BUFFERING = "proxy-request-buffering";
    private static final String BUFFER = "client-body-buffer-size";

    /** Kept bodies are in memory, never on a disk: this much is the end of what a client may ask for. */
    private static final int MOST_KEPT = 1 << 20;

    private BodyAnnotations() {}

    static Bodies read(Annotations annotations) {
        Bodies usual = annotations.options().bodies();
        return new Bodies(
                size(annotations, SIZE, usual.most()),
                annotations.onOff(BUFFERING, usual.wholeFirst()),
                kept(size(annotations, BUFFER, usual.keptAtMost())));
    }

    /** Not less than what is kept in any case, not more than is healthy. */
    static int kept(long wanted) {
        return Math.clamp(wanted, Bodies.DEFAULT.keptAtMost(), MOST_KEPT);
    }

    private static long size(Annotations annotations, String name, long usual) {
        Optional<String> text = annotations.text(name);
        if (text.isEmpty()) {
            return usual;
        }
        OptionalLong size = Sizes.parse(text.get());
        if (size.isEmpty()) {
            annotations.bad(name, "is \"" + text.get() + "\" (expected: " + Sizes.EXPECTED + ")");
        }
        return size.orElse(usual);
    }
}
