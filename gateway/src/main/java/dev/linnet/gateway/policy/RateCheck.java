package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.policy.RateZone.Client;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Rates;

/** How often a client may: first how many requests at the same time, then how many in a second and in a minute (spec §4.7). */
final class RateCheck implements Check {
    private final RateZone zone;
    private final Rates rates;
    private final Loop loop;

    RateCheck(RateZone zone, Loop loop) {
        this.zone = zone;
        this.rates = zone.rates();
        this.loop = loop;
    }

    @Override
    public void visit(Visit visit) {
        byte[] address = visit.caller().address();
        if (rates.exempt().contains(address)) {
            visit.pass();
            return;
        }
        long now = loop.nanoTime();
        Client client = zone.client(address, now);
        if (rates.connections().isPresent()) {
            if (!zone.enter(client)) {
                visit.answer(rates.connectionsStatus(), Failure.NONE, "too many requests at the same time", "");
                return;
            }
            visit.whenOver(() -> zone.leave(client));
        }
        if (zone.take(client, now)) {
            visit.pass();
        } else {
            visit.answer(rates.status(), Failure.NONE, "too many requests", "");
        }
    }
}
