package dev.linnet.routing.policy;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a route does with requests beside choosing their backend. One component for each concern; what nobody asked for is empty, and
 * costs nothing when requests are served.
 *
 * @param versionHeader name of a response header that tells which version has answered
 * @param upstream      how endpoints are spoken to
 * @param balancing     which endpoint of the primary gets a request; canaries have their own
 * @param affinity      whether clients stay with an endpoint, and so with their version
 * @param clients       whom the host lets in; empty for anybody
 * @param observed      what is told of its requests
 * @param redirects     who is sent elsewhere
 * @param target        what backends are asked for
 * @param access        who may use it
 * @param rates         how often
 * @param relay         how requests and answers are passed on
 * @param edits         what is changed in heads
 * @param primaryEdits  what is changed in heads besides where the primary serves; canaries have their own
 * @param faults        harm that is done on purpose
 * @param fixed         what is answered to everybody, without a backend
 * @param listener      which of several listeners over TLS its host belongs to; empty where there is but one
 */
public record Policy(
        Optional<String> versionHeader,
        Upstream upstream,
        Balancing balancing,
        Optional<Affinity> affinity,
        Optional<ClientAuth> clients,
        Observed observed,
        Redirects redirects,
        BackendTarget target,
        Access access,
        Rates rates,
        Relay relay,
        HeadEdits edits,
        HeadEdits primaryEdits,
        Faults faults,
        Optional<FixedAnswer> fixed,
        Optional<String> listener) {
    /** Asks for nothing. */
    public static final Policy NONE = new Policy(
            Optional.empty(),
            Upstream.NONE,
            Balancing.UNSAID,
            Optional.empty(),
            Optional.empty(),
            Observed.USUALLY,
            Redirects.NONE,
            BackendTarget.NONE,
            Access.OPEN,
            Rates.UNLIMITED,
            Relay.NONE,
            HeadEdits.NONE,
            HeadEdits.NONE,
            Faults.NONE,
            Optional.empty(),
            Optional.empty());

    public Policy withVersionHeader(String name) {
        return with(draft -> draft.versionHeader = Optional.of(name));
    }

    public Policy withUpstream(Upstream other) {
        return with(draft -> draft.upstream = other);
    }

    public Policy withBalancing(Balancing other) {
        return with(draft -> draft.balancing = other);
    }

    public Policy withAffinity(Affinity cookie) {
        return with(draft -> draft.affinity = Optional.of(cookie));
    }

    public Policy withClients(ClientAuth whom) {
        return with(draft -> draft.clients = Optional.of(whom));
    }

    public Policy withObserved(Observed other) {
        return with(draft -> draft.observed = other);
    }

    public Policy withRedirects(Redirects other) {
        return with(draft -> draft.redirects = other);
    }

    public Policy withTarget(BackendTarget other) {
        return with(draft -> draft.target = other);
    }

    public Policy withAccess(Access who) {
        return with(draft -> draft.access = who);
    }

    public Policy withRates(Rates howOften) {
        return with(draft -> draft.rates = howOften);
    }

    public Policy withRelay(Relay other) {
        return with(draft -> draft.relay = other);
    }

    public Policy withEdits(HeadEdits other) {
        return with(draft -> draft.edits = other);
    }

    public Policy withPrimaryEdits(HeadEdits other) {
        return with(draft -> draft.primaryEdits = other);
    }

    public Policy withFaults(Faults other) {
        return with(draft -> draft.faults = other);
    }

    public Policy withFixed(FixedAnswer answer) {
        return with(draft -> draft.fixed = Optional.of(answer));
    }

    public Policy withListener(String name) {
        return with(draft -> draft.listener = Optional.of(name));
    }

    private Policy with(Consumer<Draft> edit) {
        Draft draft = new Draft(this);
        edit.accept(draft);
        return draft.policy();
    }

    /** The same with names, so that one component can be replaced without counting the others. */
    private static final class Draft {
        private Optional<String> versionHeader;
        private Upstream upstream;
        private Balancing balancing;
        private Optional<Affinity> affinity;
        private Optional<ClientAuth> clients;
        private Observed observed;
        private Redirects redirects;
        private BackendTarget target;
        private Access access;
        private Rates rates;
        private Relay relay;
        private HeadEdits edits;
        private HeadEdits primaryEdits;
        private Faults faults;
        private Optional<FixedAnswer> fixed;
        private Optional<String> listener;

        Draft(Policy policy) {
            versionHeader = policy.versionHeader;
            upstream = policy.upstream;
            balancing = policy.balancing;
            affinity = policy.affinity;
            clients = policy.clients;
            observed = policy.observed;
            redirects = policy.redirects;
            target = policy.target;
            access = policy.access;
            rates = policy.rates;
            relay = policy.relay;
            edits = policy.edits;
            primaryEdits = policy.primaryEdits;
            faults = policy.faults;
            fixed = policy.fixed;
            listener = policy.listener;
        }

        Policy policy() {
            return new Policy(
                    versionHeader,
                    upstream,
                    balancing,
                    affinity,
                    clients,
                    observed,
                    redirects,
                    target,
                    access,
                    rates,
                    relay,
                    edits,
                    primaryEdits,
                    faults,
                    fixed,
                    listener);
        }
    }
}
