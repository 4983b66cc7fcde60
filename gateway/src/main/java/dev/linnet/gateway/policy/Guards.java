package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Names;
import dev.linnet.gateway.aside.Passwords;
import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Route;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Rates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What guards routes, and what all event loops of a gateway share for that. */
public final class Guards {
    private static final Check CLOSED =
            visit -> visit.answer(503, Failure.NONE, "closed until a mistake in its Ingress is corrected", "");

    private final Names names;
    private final Passwords passwords;
    private final Leaves leaves;
    private final RateZones zones;
    private final Mirrored mirrored = new Mirrored();

    /**
     * Guards for one gateway.
     *
     * @param names    where hosts are found that are asked for leave, or get copies
     * @param replicas how many gateways share rate limits
     */
    public Guards(Names names, LongSupplier nanoTime, IntSupplier replicas) {
        this.names = names;
        this.passwords = new Passwords(nanoTime);
        this.leaves = new Leaves(nanoTime);
        this.zones = new RateZones(replicas);
    }

    /** A route that nobody may use, since its author's wish is not clear. */
    Optional<Check> closed(Route route) {
        return route.rule().policy().access().closed().map(_ -> CLOSED);
    }

    /** What has become of copies of requests. */
    public Mirrored mirrored() {
        return mirrored;
    }

    List<Check> mirrors(Route route, Loop loop) {
        Rule rule = route.rule();
        return rule.policy().relay().mirrors().stream()
                .filter(mirror -> mirror.parts() > 0)
                .map(mirror -> (Check) new MirrorCheck(mirror, rule, loop, names, mirrored))
                .toList();
    }

    Optional<Check> rates(Route route, Loop loop) {
        Rates rates = route.rule().policy().rates();
        return rates.isUnlimited()
                ? Optional.empty()
                : Optional.of(new RateCheck(zones.of(route.rule().source(), rates), loop));
    }

    Optional<Check> access(Route route, Loop loop) {
        Rule rule = route.rule();
        Access access = rule.policy().access().at(rule.path().path());
        List<Gate> gates = new ArrayList<>();
        boolean others = access.password().isPresent() || access.leave().isPresent();
        boolean saysNothing =
                access.any() && others && access.sources().allowed().isEmpty();
        if (!access.sources().isAny() && !saysNothing) { // not to be denied is no leave, where one is enough
            gates.add(new SourceGate(access.sources()));
        }
        access.password().ifPresent(wanted -> gates.add(new PasswordGate(wanted, loop, passwords)));
        access.leave().ifPresent(wanted -> gates.add(new LeaveGate(wanted, rule, loop, names, leaves)));
        return gates.isEmpty() ? Optional.empty() : Optional.of(new AccessCheck(gates, access));
    }
}
