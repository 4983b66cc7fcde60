package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Checks;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.routing.Route;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Puts the checks of a route together, in the order in which ingress-nginx processes a request (spec of ingress-nginx, §3.11): what
 * comes first answers first. This order is part of what users rely on: a preflight needs no password, a redirect no allowed address.
 */
public final class RouteChecks implements Checks {
    private final IntSupplier httpsPort;

    /**
     * Checks for one gateway.
     *
     * @param httpsPort where the gateway serves HTTPS, as its clients see it; 0 while it does not
     */
    public RouteChecks(IntSupplier httpsPort) {
        this.httpsPort = httpsPort;
    }

    @Override
    public List<Check> of(Route route, Loop loop) {
        Policy policy = route.rule().policy();
        if (policy.equals(Policy.NONE)) {
            return List.of();
        }
        List<Check> checks = new ArrayList<>();
        // 3. A body that is known to be too large.
        // 4. CORS preflight; redirects to elsewhere; another path and Host for the backend.
        Redirects redirects = policy.redirects();
        redirects.elsewhere().ifPresent(where -> checks.add(new RedirectElsewhere(redirects, where)));
        if (!policy.target().equals(BackendTarget.NONE)) {
            checks.add(new Readdressing(policy.target()));
        }
        // 5. Redirect to HTTPS.
        redirects.toHttps().ifPresent(how -> checks.add(new RedirectToHttps(redirects, how, httpsPort)));
        // 7. Limits of rate and of connections.
        // 8. Deny and allow lists, passwords, leave from elsewhere.
        // 9. Copies to a mirror.
        return checks;
    }
}
