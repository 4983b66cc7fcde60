package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Optional;

/** Lets nothing pass to endpoints that cannot be believed because the Secret that says how is missing or of no use. */
final class TrustedEndpoints implements Check {
    private final Optional<Trust> trust;

    TrustedEndpoints(Trust trust) {
        this.trust = Optional.of(trust);
    }

    @Override
    public void visit(Visit visit) {
        if (visit.loop().tls().upstream(trust).isPresent()) {
            visit.pass();
        } else {
            visit.answer(503, Failure.NO_ENDPOINTS, "endpoints cannot be believed", "");
        }
    }
}
