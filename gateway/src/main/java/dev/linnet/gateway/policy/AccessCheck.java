package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.policy.Opinion.Refused;
import dev.linnet.routing.policy.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may use a route: all of its gates must agree, or one of them where {@code satisfy: any} says so. The decision never depends on how
 * refusals are shown: an error page cannot turn one into leave (CVE-2026-24513).
 */
final class AccessCheck implements Check {
    private final List<Gate> gates;
    private final boolean any;
    private final List<String> neverTheClients;

    /** @param gates at least one */
    AccessCheck(List<Gate> gates, Access access) {
        this.gates = List.copyOf(gates);
        this.any = access.any();
        this.neverTheClients = neverTheClients(access);
    }

    /** A password is for us, even if another gate has let the client in; and nobody says of himself who has given him leave. */
    private static List<String> neverTheClients(Access access) {
        List<String> names = new ArrayList<>();
        access.password().ifPresent(_ -> names.add("authorization"));
        access.leave().ifPresent(leave -> names.addAll(leave.passedOn()));
        return List.copyOf(names);
    }

    @Override
    public void visit(Visit visit) {
        for (int i = 0; i < neverTheClients.size(); i++) {
            visit.requestEdits().drop(neverTheClients.get(i));
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
