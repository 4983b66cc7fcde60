package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Visit;
import dev.linnet.routing.policy.Access.Sources;
import java.util.function.Consumer;

/** Lets clients in by their address. */
final class SourceGate implements Gate {
    private static final Opinion REFUSED = Opinion.Refused.of(403, "not from this address");

    private final Sources sources;

    SourceGate(Sources sources) {
        this.sources = sources;
    }

    @Override
    public void ask(Visit visit, Consumer<Opinion> then) {
        then.accept(sources.admit(visit.caller().address()) ? Opinion.ALLOWED : REFUSED);
    }
}
