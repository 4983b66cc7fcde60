package dev.linnet.manifests.ingress;

import dev.linnet.routing.Rule.Limits;
import java.time.Duration;
import java.util.List;

/** Deadlines and tries (spec of ingress-nginx, §3.4, §3.6). A wrong value leaves the default of that one limit. */
final class LimitAnnotations {
    private static final String CONNECT = "proxy-connect-timeout";
    private static final String SEND = "proxy-send-timeout";
    private static final String READ = "proxy-read-timeout";
    private static final String TRIES = "proxy-next-upstream-tries";

    static final List<String> NAMES = List.of(CONNECT, SEND, READ, TRIES);

    private LimitAnnotations() {}

    static Limits read(Annotations annotations) {
        Limits usual = annotations.options().limits();
        return new Limits(
                seconds(annotations, CONNECT, usual.connect()),
                seconds(annotations, SEND, usual.send()),
                seconds(annotations, READ, usual.read()),
                tries(annotations
                        .wholeNumber(
                                TRIES, 0, Integer.MAX_VALUE, "a whole number, or 0 for as many as there are endpoints")
                        .orElse(usual.tries())));
    }

    /** 0 asks for no limit: then the endpoints are one. */
    static int tries(int written) {
        return written == 0 ? Integer.MAX_VALUE : written;
    }

    private static Duration seconds(Annotations annotations, String name, Duration usual) {
        var seconds = annotations.wholeNumber(name, 1, Integer.MAX_VALUE, "seconds without a unit, 1 or more");
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : usual;
    }
}
