package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.policy.Opinion.Refused;
import dev.linnet.routing.policy.Access;
import java.util.List;
import java.util.Optional;

/**
 * Who may use a route: all of its gates must agree, or one of them where {@code satisfy: any} says so. The decision never depends on how
 * refusals are shown: an error page cannot turn one into leave (CVE-2026-24513).
 */
final class AccessCheck implements Check {
    private final List<Gate> gates;
    private final boolean any;
    private final boolean password;

    /** @param gates at least one */
    AccessCheck(List<Gate> gates, Access access) {
        this.gates = List.copyOf(gates);
        this.any = access.any();
        this.password = access.password().isPresent();
    }

    @Override
    public void visit(Visit visit) {
        if (password) {
            visit.requestEdits().drop("authorization"); // is for us, even if another gate has let the client in
        }
        ask(visit, 0, Optional.empty());
    }

    private void ask(Visit visit, int gate, Optional<Refused> refused) {
        gates.get(gate).ask(visit, opinion -> heard(visit, gate, opinion, refused));
    }

    private void heard(Visit visit, int gate, Opinion opinion, Optional<Refused> before) {
        if (visit.isOver()) {
            return;
        }
        boolean last = gate + 1 == gates.size();
        switch (opinion) {
            case Opinion.Allowed _ when any || last -> visit.pass();
            case Opinion.Allowed _ -> ask(visit, gate + 1, before);
            case Refused refused when any && !last -> ask(visit, gate + 1, Optional.of(worse(before, refused)));
            case Refused refused -> answer(visit, worse(before, refused));
        }
    }

    /** Where one would be enough, the one that tells what to do about it: 401 (as nginx has it). */
    private static Refused worse(Optional<Refused> before, Refused now) {
        return before.filter(refused -> refused.status() == 401 || refused.status() == 302)
                .orElse(now);
    }

    private static void answer(Visit visit, Refused refused) {
        visit.answer(refused.status(), refused.failure(), refused.reason(), refused.headers());
    }
}
