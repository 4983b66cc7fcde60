package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Observed;

/** What is told of a route's requests (spec of ingress-nginx, §4.5). */
final class ObservedAnnotations {
    private static final String ACCESS_LOG = "enable-access-log";

    private ObservedAnnotations() {}

    static Observed read(Annotations annotations) {
        return new Observed(annotations.flag(ACCESS_LOG, true));
    }
}
