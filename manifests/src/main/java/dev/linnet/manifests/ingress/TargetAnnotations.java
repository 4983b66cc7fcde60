package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.BackendTarget;
import java.util.Optional;
import java.util.regex.Pattern;

/** Another Host header for backends (spec of ingress-nginx, §4.2). What it would be otherwise is for {@link HostRules} to say. */
final class TargetAnnotations {
    private static final String HOST = "upstream-vhost";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?(:[0-9]{1,5})?");

    private TargetAnnotations() {}

    static BackendTarget read(Annotations annotations) {
        Optional<String> host = annotations.text(HOST);
        if (host.isPresent() && !NAME.matcher(host.get()).matches()) {
            annotations.bad(HOST, "is \"" + host.get() + "\" (expected: a host name, without variables)");
            return BackendTarget.NONE;
        }
        return new BackendTarget(Optional.empty(), host);
    }
}
