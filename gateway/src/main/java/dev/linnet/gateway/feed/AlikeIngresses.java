package dev.linnet.gateway.feed;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.IngressReading;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Policy;

/**
 * What most Ingresses want alike, kept once for all of them: of each it would be more than its paths, and requests for thousands of hosts would
 * find it in no cache. Used by one thread.
 */
final class AlikeIngresses {
    private final Alike<Role> roles = new Alike<>();
    private final Alike<ServiceRef> services = new Alike<>();
    private final Alike<Limits> limits = new Alike<>();
    private final Alike<Policy> policies = new Alike<>();

    IngressReading in(IngressReading reading) {
        return new IngressReading(
                reading.object(),
                reading.created(),
                roles.of(reading.role()),
                reading.routes(),
                reading.references(),
                reading.tls(),
                reading.problems());
    }

    Translation in(Translation translation) {
        return new Translation(
                translation.rules().stream().map(this::in).toList(), translation.tls(), translation.problems());
    }

    private Rule in(Rule rule) {
        return new Rule(
                rule.host(),
                rule.path(),
                services.of(rule.primary()),
                rule.canaries(),
                rule.source(),
                limits.of(rule.limits()),
                policies.of(rule.policy()));
    }
}
