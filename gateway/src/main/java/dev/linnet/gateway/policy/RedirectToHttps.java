package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Asked;
import dev.linnet.routing.policy.Redirects.ToHttps;
import java.util.function.IntUnaryOperator;

/**
 * Sends clients that do not speak TLS to where it is spoken. Unless the author insists, only if the gateway itself speaks it: else the
 * client would be sent to where nobody listens.
 */
record RedirectToHttps(Redirects redirects, ToHttps how, IntUnaryOperator httpsPort) implements Check {
    private static final int USUAL_PORT = 443;

    @Override
    public void visit(Visit visit) {
        if (!visit.caller().scheme().equals("http")) {
            visit.pass();
            return;
        }
        Asked asked = visit.asked();
        int port = httpsPort.applyAsInt(asked.port());
        if (port == 0 && !how.always()) {
            visit.pass();
            return;
        }
        if (asked.host().isEmpty()) {
            visit.answer(400, Failure.BAD_REQUEST, "this host is served over HTTPS, and the request names none", "");
            return;
        }
        RedirectElsewhere.answer(visit, how.status(), redirects.location(how, asked, port == 0 ? USUAL_PORT : port));
    }
}
