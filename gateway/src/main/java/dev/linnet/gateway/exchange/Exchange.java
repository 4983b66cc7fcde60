package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.CallerReader;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Dealer;
import dev.linnet.routing.Match;
import dev.linnet.routing.ReleaseSides;
import dev.linnet.routing.Route;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Side;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.PathText;
import dev.linnet.routing.policy.Redirects.Asked;
import dev.linnet.routing.policy.Relay;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, as the client's end drives it; what comes from the endpoint goes to its {@link Forwarding}. Once it is
 * over it does nothing any more, so late events do no harm. It makes exactly one {@link dev.linnet.numbers.Outcome}.
 */
public final class Exchange {
    private final Loop loop;
    private final ClientEnd client;
    private final Account account;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Forwarding forwarding;
    private final Attempts attempts;
    private final Edits edits = new Edits();

    private Method method = Method.OTHER;
    private boolean http11 = true;
    private boolean keepAlive;
    private boolean over;
    private Caller caller;
    private @Nullable Visit visit;
    private @Nullable Route route;
    private @Nullable Side side;
    private Runnable whenOver = () -> {};
    private @Nullable ErrorPage errorPage;

    public Exchange(Loop loop, Upstreams upstreams, ClientEnd client) {
        this.loop = loop;
        this.client = client;
        this.caller = client.caller();
        this.account = new Account(loop, client);
        this.request = new RequestRelay(loop.settings().replayBytes());
        this.response = new ResponseRelay(loop);
        this.forwarding = new Forwarding(this, loop, client, account, request, response, upstreams);
        this.attempts = forwarding.attempts();
    }

    /**
     * Routes a request and sends it on, or answers it.
     *
     * @param length of the head
     * @param in     what has come behind the head; the body's part is taken out
     */
    public void begin(RequestHead head, int length, ByteBuf in) {
        method = head.method();
        http11 = head.isHttp11();
        keepAlive = head.keepsAlive();
        caller = CallerReader.read(head, client.caller(), loop.callers());
        head.from(caller);
        account.asked(head, length, caller);
        request.begin(head);
        request.take(in, NoUpstream.NONE);
        if (request.body().rejection() != Rejection.NONE) {
            refuse(request.body().rejection());
            return;
        }
        if (loop.refuses(head, caller)) {
            answer(403, Failure.NONE, "requests like this one are not served here", "");
            return;
        }
        RouteTable table = loop.table();
        switch (table.find(head)) {
            case Match.Unmatched unmatched -> {
                account.unmatched(head, caller, unmatched);
                answer(unmatched.status(), Failure.NO_ROUTE, unmatched.reason(), "");
            }
            case Match.SlashRedirect redirect -> {
                account.redirected(head, caller, redirect.rule());
                answer(301, Failure.NONE, "", location(head, redirect));
            }
            case Route route -> enter(head, length, route, table);
        }
    }

    private String location(RequestHead head, Match.SlashRedirect redirect) {
        String path = PathText.encoded(redirect.path()) + head.queryText();
        return "Location: " + redirect.rule().policy().redirects().onSameHost(asked(head), path) + "\r\n";
    }

    /** What the client wanted, for redirects. */
    Asked asked(RequestHead head) {
        String host = caller.host().isEmpty() ? head.hostText() : caller.host();
        return new Asked(caller.scheme(), host, head.targetText());
    }

    private void enter(RequestHead head, int length, Route found, RouteTable table) {
        route = found;
        account.matched(head, caller, found.rule());
        Relay relay = found.rule().policy().relay();
        request.obey(relay.bodies());
        if (!relay.errors().codes().isEmpty()) {
            errorPage = new ErrorPage(found, table.otherwise(), new HeldHead(head, length, caller));
        }
        if (!relay.bodies().admits(head.contentLength()) || request.isTooLarge()) {
            account.routed(head, loop.state(found).side(found.primary()));
            visit = new Visit(this, loop, client, found, head, length);
            visit.decorate();
            refuseTooLarge();
            return;
        }
        if (loop.state(found).checks().isEmpty()) {
            admitted(head, found);
            return;
        }
        account.routed(head, loop.state(found).side(found.primary()));
        visit = new Visit(this, loop, client, found, head, length);
        visit.run();
    }

    /** A check has taken hold of the request: it alone knows how long that may take. */
    void holds() {
        client.read(request.hasRoom());
        client.waitNoLonger();
    }

    /** All checks are passed. */
    void admitted(RequestHead head, Route found) {
        RouteState states = loop.state(found);
        route = found;
        Dealer dealer = states.dealer();
        side = found.choose(head, loop, dealer);
        SideState state = states.side(side);
        boolean served = attempts.choose(side, state, head);
        if (!served
                && side.isCanary()
                && found.primaryServesInsteadOf(side, dealer.brought())) { // its last endpoint went just now
            side = found.primary();
            state = states.side(side);
            served = attempts.choose(side, state, head);
        }
        account.routed(head, state);
        if (found.isReleasedJointly()) {
            tellSides(dealer.brought(), found, side);
        }
        if (served && !side.edits().isNone()) {
            edits.editRequest().change(side.edits().request());
        }
        if (dealer.metNewUser()) {
            edits.editResponse().add("Set-Cookie", UserCookie.of(dealer.newUserId(), caller.scheme()));
        }
        if (!served && found.instead().isPresent()) {
            Side instead = found.instead().get();
            served = attempts.choose(instead, states.side(instead), head);
            ErrorPage.tell(edits.editRequest(), 503, head, found, side.backend());
        }
        if (served) {
            forwarding.start(head, found.rule().policy().relay());
        } else {
            answer(503, Failure.NO_ENDPOINTS, "no ready endpoints", "");
        }
    }

    /** Backends pass on what they are told, so that whoever serves them meets the same versions. */
    private void tellSides(ReleaseSides brought, Route found, Side chosen) {
        found.sidesAfter(brought, chosen).ifPresent(sides -> edits.editRequest().sides(sides));
        found.missed(brought, chosen).ifPresent(loop::missed);
    }

    /**
     * Whether the primary takes over from a canary that could not serve. That counts against the canary.
     *
     * @param status what the client would get otherwise
     */
    boolean failsOver(int status, Failure failure) {
        if (route == null || side == null || !side.failsOver()) {
            return false;
        }
        SideState primary = loop.state(route).side(route.primary());
        if (!attempts.openOther(route.primary(), primary)) {
            return false;
        }
        side = route.primary();
        account.failedOver(status, failure, request.bytes(), primary);
        return true;
    }

    /** What changes in the head of a backend's answer. */
    ResponseEdits editsOfAnswer() {
        if (side != null) {
            Optional<String> versionHeader = side.rule().policy().versionHeader();
            if (versionHeader.isPresent()) {
                edits.editResponse().set(versionHeader.get(), side.backend().name());
            }
            if (!side.edits().isNone()) {
                edits.editResponse().change(side.edits().answer());
            }
        }
        return edits.response();
    }

    /** Whether bytes from the client belong to this exchange rather than to the next one. */
    public boolean takesMore() {
        return !over && (forwarding.isTunnel() || !request.isDone());
    }

    /** Takes what belongs to this exchange out of a buffer. */
    public void requestBytes(ByteBuf in) {
        if (over) {
            return;
        }
        forwarding.requestBytes(in);
        if (over) {
            return;
        }
        if (request.body().rejection() != Rejection.NONE) {
            refuse(request.body().rejection());
        } else if (request.isTooLarge() && !request.isDropped()) {
            refuseTooLarge();
        } else {
            forwarding.settle();
        }
    }

    /** The client has sent all that there was for now. */
    public void clientReadDone() {
        forwarding.flush();
    }

    public void clientWritable() {
        forwarding.settle();
    }

    /** The client will send nothing more. It may still wait for the response: then the request must have been whole. */
    public void clientDone() {
        if (over) {
            return;
        }
        if (forwarding.isTunnel()) {
            forwarding.clientDone();
        } else if (!request.isDone()) {
            clientGone();
        }
    }

    public void clientGone() {
        if (!over) {
            finish(forwarding.isTunnel() ? Failure.NONE : Failure.CLIENT_ABORT, Ending.ABORT);
        }
    }

    public void clientTimedOut() {
        if (over || forwarding.clientTimedOut()) {
            return;
        }
        if (client.isWritable()) {
            refuse(408, Failure.CLIENT_TIMEOUT, "request body took too long");
        } else {
            finish(Failure.CLIENT_TIMEOUT, Ending.ABORT);
        }
    }

    /** The gateway stops and will not wait any longer. */
    public void stop() {
        if (!over) {
            finish(Failure.STOPPED, Ending.ABORT);
        }
    }

    /** Refuses what cannot be an exchange, or cannot go on as one. The connection ends: where the next request begins is unknown. */
    public void refuse(Rejection rejection) {
        account.refused(loop.requestHead());
        refuse(rejection.status(), Failure.BAD_REQUEST, rejection.reason());
    }

    private void refuseTooLarge() {
        refuse(413, Failure.BAD_REQUEST, "the body is larger than this route takes");
    }

    public void refuse(int status, Failure failure, String reason) {
        if (response.isStarted()) {
            finish(failure, Ending.ABORT);
            return;
        }
        keepAlive = false;
        answer(status, failure, reason, "");
    }

    /** Answers instead of an endpoint, or lets somebody do so who is there for that. */
    void answer(int status, Failure failure, String reason, String headers) {
        if (errorPage != null && errorPage.isAsked()) { // it could not answer either
            ErrorPage.Answer error = errorPage.error();
            send(error.status(), error.failure(), Answers.body(error.status(), error.reason()), error.headers());
        } else if (!asksInstead(status, failure, reason, headers)) {
            send(status, failure, Answers.body(status, reason), headers);
        }
    }

    /** Answers what the route says, word for word. */
    void answer(FixedAnswer answer, String headers) {
        send(Failure.NONE, answer.status(), answer.type(), answer.body(), headers);
    }

    /** Lets whoever is there for errors answer instead. False if nobody is. */
    boolean asksInstead(int status, Failure failure, String reason, String headers) {
        if (errorPage == null || route == null || response.isStarted()) {
            return false;
        }
        Side failed = side == null ? route.primary() : side;
        return errorPage.ask(
                new ErrorPage.Answer(status, failure, reason, headers), failed.backend(), loop, forwarding);
    }

    /** The status that the client sees whatever an endpoint says; 0 for the endpoint's. */
    int keptStatus() {
        if (errorPage == null) {
            return 0;
        }
        int kept = errorPage.keptStatus();
        if (kept > 0) {
            edits.editResponse().keep(kept, errorPage.error().headers());
        }
        return kept;
    }

    private void send(int status, Failure failure, String body, String headers) {
        send(failure, status, FixedAnswer.TEXT, body, headers);
    }

    private void send(Failure failure, int status, String type, String body, String headers) {
        Connection connection = connection(true);
        boolean withBody = method != Method.HEAD;
        String lines = headers + edits.response().lines(status) + always().lines(status);
        response.answered(
                client,
                status,
                loop.answers().answer(status, type, body, lines, connection, loop.dateLine(), withBody));
        finish(failure, keepAlive ? Ending.KEEP : Ending.CLOSE);
    }

    /** Settles whether the client's connection is kept, and what the response says about it. */
    Connection connection(boolean endIsPlain) {
        keepAlive = keepAlive && endIsPlain && request.isDone() && client.keepsAlive();
        if (!keepAlive) {
            return Connection.CLOSE;
        }
        return http11 ? Connection.UNSAID : Connection.KEEP_ALIVE;
    }

    /** What it changes in heads. */
    Edits edits() {
        return edits;
    }

    /** Lets somebody else have the request's body as well. */
    void copyBodyTo(BodyCopy copy) {
        request.copyTo(copy);
        whenOver(copy::over);
    }

    /** What changes in the head for the client whatever the exchange; not to be written to. */
    ResponseEdits always() {
        return loop.always(client.caller().isTls());
    }

    /** Who asks, with what trusted proxies tell of it. */
    Caller caller() {
        return caller;
    }

    void whenOver(Runnable action) {
        Runnable before = whenOver;
        whenOver = () -> {
            before.run();
            action.run();
        };
    }

    boolean isOver() {
        return over;
    }

    Method method() {
        return method;
    }

    boolean isHttp2() {
        return client.isHttp2();
    }

    boolean isHttp11() {
        return http11;
    }

    /** The response is whole. */
    void complete() {
        Failure failure = errorPage == null ? Failure.NONE : errorPage.error().failure();
        finish(failure, keepAlive ? Ending.KEEP : Ending.CLOSE);
    }

    void finish(Failure failure, Ending ending) {
        over = true;
        if (visit != null) {
            visit.abandon();
        }
        whenOver.run();
        request.forget();
        forwarding.end();
        account.close(response.status(), failure, attempts.count(), request.bytes() + forwarding.bytesUp(), response);
        client.waitNoLonger();
        client.finished(ending);
    }
}
