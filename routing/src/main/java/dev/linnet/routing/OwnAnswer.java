package dev.linnet.routing;

import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Addresses;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Redirects.ToHttps;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Whether a rule answers a request by itself, before any version is chosen, and why, in words. */
final class OwnAnswer {
    private static final int HTTPS_PORT = 443;

    private final Rule rule;
    private final TextRequest request;
    private final Consumer<String> steps;

    /** @param steps hears why, a sentence at a time */
    OwnAnswer(Rule rule, TextRequest request, Consumer<String> steps) {
        this.rule = rule;
        this.request = request;
        this.steps = steps;
    }

    /** The status by which the rule answers by itself, if it does. The gateway is taken to serve HTTPS. */
    OptionalInt status() {
        if (rule.policy().clients().equals(Optional.of(new ClientAuth.Broken()))) {
            steps.accept("It cannot be told which clients' certificates let in: 403.");
            return OptionalInt.of(403);
        }
        Redirects redirects = rule.policy().redirects();
        Optional<Elsewhere> elsewhere = redirects.elsewhere();
        if (elsewhere.isPresent()) {
            int status = elsewhere.get().status();
            steps.accept("The rule sends every request elsewhere: " + status + " to "
                    + redirects.location(elsewhere.get(), request.asked()) + ".");
            return OptionalInt.of(status);
        }
        if (rule.policy().access().closed().isPresent()) {
            steps.accept("Nobody may use it until its author's mistake is corrected: 503.");
            return OptionalInt.of(503);
        }
        Optional<ToHttps> toHttps = redirects.toHttps();
        if (toHttps.isEmpty() || !request.asked().scheme().equals("http")) {
            return refused();
        }
        int status = toHttps.get().status();
        steps.accept("The rule wants HTTPS: " + status + " to "
                + redirects.location(toHttps.get(), request.asked(), HTTPS_PORT)
                + (toHttps.get().always() ? "." : ", if the gateway serves HTTPS."));
        return OptionalInt.of(status);
    }

    /** By where it comes from, if that is known. */
    private OptionalInt refused() {
        Access access = rule.policy().access().at(rule.path().path());
        byte[] client = request.clientAddress();
        if (client.length == 0 || access.sources().isAny()) {
            return OptionalInt.empty();
        }
        boolean admitted = access.sources().admit(client);
        String from = "It comes from " + Addresses.text(client);
        if (admitted || !access.isDecidedBySources()) {
            steps.accept(from + (admitted ? ", which is let in." : ", which alone does not let it in."));
            return OptionalInt.empty();
        }
        steps.accept(from + ", which is not let in: 403.");
        return OptionalInt.of(403);
    }
}
