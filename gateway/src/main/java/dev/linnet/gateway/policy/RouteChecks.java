package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Checks;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Route;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Puts the checks of a route together, in the order in which ingress-nginx processes a request (spec of ingress-nginx, §3.11): what
 * comes first answers first. This order is part of what users rely on: a preflight needs no password, a redirect no allowed address.
 */
public final class RouteChecks implements Checks {
    private static final Check NOBODY = visit -> visit.answer(403, Failure.NONE, "nobody can be let in", "");

    private final IntUnaryOperator httpsPort;
    private final Guards guards;

    /**
     * Checks for one gateway.
     *
     * @param httpsPort where a client finds HTTPS that has used this port of plain HTTP; 0 while nobody serves it
     * @param guards    who may use routes, and how often
     */
    public RouteChecks(IntUnaryOperator httpsPort, Guards guards) {
        this.httpsPort = httpsPort;
        this.guards = guards;
    }

    @Override
    public List<Check> of(Route route, Loop loop) {
        Policy policy = route.rule().policy();
        if (policy.equals(Policy.NONE)) {
            return List.of();
        }
        List<Check> checks = new ArrayList<>();
        // 2. Certificates of clients.
        policy.clients()
                .ifPresent(clients -> checks.add(
                        switch (clients) {
                            case ClientAuth.Asked asked -> new ClientCertificate(asked);
                            case ClientAuth.Broken _ -> NOBODY;
                        }));
        // What Istio does first: heads, then harm on purpose (spec of Istio, §0.2).
        if (!policy.edits().isNone()) {
            checks.add(new HeadChanges(policy.edits()));
        }
        if (!policy.faults().isNone()) {
            checks.add(new Harm(policy.faults(), loop));
        }
        // 3. A body that is known to be too large: the exchange has seen to it. What each answer has; CORS preflight.
        if (!policy.relay().answers().lines().isEmpty()) {
            checks.add(new AnswerLines(policy.relay().answers().lines()));
        }
        policy.relay().cors().ifPresent(cors -> checks.add(new CorsCheck(cors)));
        // 4. Redirects to elsewhere; another path and Host for the backend.
        Redirects redirects = policy.redirects();
        redirects.elsewhere().ifPresent(where -> checks.add(new RedirectElsewhere(redirects, where)));
        policy.fixed().ifPresent(answer -> checks.add(visit -> visit.answer(answer, "")));
        if (!policy.target().equals(BackendTarget.NONE)) {
            checks.add(new Readdressing(policy.target()));
        }
        guards.closed(route).ifPresent(checks::add);
        // 5. Redirect to HTTPS.
        redirects.toHttps().ifPresent(how -> checks.add(new RedirectToHttps(redirects, how, httpsPort)));
        if (policy.clients().orElse(new ClientAuth.Broken()) instanceof ClientAuth.Asked asked
                && asked.demand() == ClientAuth.Demand.ON) {
            checks.add(RouteChecks::onlyOverTls);
        }
        // 7. Limits of rate and of connections.
        guards.rates(route, loop).ifPresent(checks::add);
        // 8. Deny and allow lists, passwords, leave from elsewhere.
        guards.access(route, loop).ifPresent(checks::add);
        policy.upstream().trust().ifPresent(trust -> checks.add(new TrustedEndpoints(trust)));
        // 9. Copies to a mirror.
        checks.addAll(guards.mirrors(route, loop));
        return checks;
    }

    /** Who must show a certificate and was not redirected to where it can does not come in without (nginx would let it). */
    private static void onlyOverTls(Visit visit) {
        if (visit.caller().isTls()) {
            visit.pass();
        } else {
            visit.answer(400, Failure.NONE, "No required SSL certificate was sent", "");
        }
    }
}
