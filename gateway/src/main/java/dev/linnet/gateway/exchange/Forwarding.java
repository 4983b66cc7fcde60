package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.gateway.http.ResponseEditor.Transfer;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.http.ResponseRewriter;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Persistence;
import dev.linnet.routing.policy.Relay;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The part of an exchange that deals with endpoints: asks one, asks another if need be, and passes on what it answers. */
final class Forwarding implements Asker {
    private static final int MOST_INTERIM_RESPONSES = 32;
    private static final long LONGEST_IN_LINE = Duration.ofSeconds(60).toNanos();

    private final Exchange exchange;
    private final Loop loop;
    private final ClientEnd client;
    private final Account account;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Attempts attempts;
    private final Repeats repeats;
    private final Flow flow;

    private Relay relay = Relay.NONE;
    private boolean expectsContinue;
    private boolean waiting;
    private boolean inLine;
    private long inLineUntil;
    private boolean instead;
    private boolean upgrading;
    private boolean upstreamKeepsAlive;
    private int interimResponses;
    private Workplace.Later pausing = () -> {};
    private @Nullable Tunnel tunnel;

    Forwarding(
            Exchange exchange,
            Loop loop,
            ClientEnd client,
            Account account,
            RequestRelay request,
            ResponseRelay response,
            Upstreams upstreams) {
        this.exchange = exchange;
        this.loop = loop;
        this.client = client;
        this.account = account;
        this.request = request;
        this.response = response;
        this.attempts = new Attempts(exchange, loop, upstreams, this);
        this.repeats = new Repeats(exchange, loop, request);
        this.flow = new Flow(loop, client, request, response, attempts);
    }

    /** Which endpoints are asked. */
    Attempts attempts() {
        return attempts;
    }

    /** Asks for what is shown instead of an error. */
    void startInstead(RequestHead head, RequestEdits edits) {
        request.drop();
        obey(Relay.NONE);
        instead = true;
        waiting = false;
        expectsContinue = false;
        upgrading = false;
        interimResponses = 0;
        account.hideTrace(edits);
        attempts.useHead(loop.heads().of(head, exchange.caller(), edits));
        attempts.open();
        proceed();
    }

    void start(RequestHead head, Relay wanted) {
        obey(wanted);
        expectsContinue = head.expectsContinue() && request.bytes() == 0;
        upgrading = head.wantsUpgrade();
        if (account.isTraced()) {
            account.hideTrace(exchange.edits().editRequest());
        }
        if (wanted.persistence() != Persistence.UNSAID && !upgrading) {
            exchange.edits()
                    .editRequest()
                    .add("Connection", wanted.persistence() == Persistence.CLOSE ? "close" : "keep-alive");
        }
        attempts.useHead(
                loop.heads().of(head, exchange.caller(), exchange.edits().request()));
        account.sent(head);
        if (request.isWaitedFor()) {
            waiting = true;
            goOn();
            settle();
        } else {
            open();
        }
    }

    private void obey(Relay wanted) {
        relay = wanted;
        repeats.obey(wanted.retries());
        flow.obey(wanted.pace());
    }

    private void open() {
        switch (attempts.enter(() -> loop.workplace().execute(this::called))) {
            case ADMITTED -> ask();
            case IN_LINE -> {
                inLine = true;
                inLineUntil = loop.nanoTime() + LONGEST_IN_LINE;
                settle();
            }
            case REFUSED, GONE -> refuse("as many requests wait for the endpoints as may");
        }
    }

    private void ask() {
        repeats.begin();
        attempts.begin();
        proceed();
    }

    /** The endpoints have time for it now. */
    private void called() {
        if (inLine && !exchange.isOver()) {
            inLine = false;
            ask();
        }
    }

    /** So long was waited for something. False if that was for the client to do. */
    boolean clientTimedOut() {
        if (inLine) {
            refuse("the endpoints have had no time for it");
            return true;
        }
        return false;
    }

    private void refuse(String reason) {
        inLine = false;
        exchange.answer(503, Failure.OVERFLOW, reason, "");
    }

    /** Tells a client that waits for it to send the body. */
    private void goOn() {
        if (expectsContinue && !request.isDone()) {
            expectsContinue = false;
            response.write(client, loop.answers().goOn());
            client.flush();
        }
    }

    private void proceed() {
        if (attempts.pauseNanos() > 0) {
            pausing = loop.workplace().executeLater(this::askAgain, Duration.ofNanos(attempts.pauseNanos()));
            settle();
            return;
        }
        account.attempting(attempts.endpoint(), attempts.service());
        if (attempts.upstream().isConnected()) {
            account.connectedAtOnce();
            send();
        } else {
            settle();
        }
    }

    private void askAgain() {
        if (exchange.isOver()) {
            return;
        }
        if (attempts.openAfterPause()) {
            proceed();
        } else {
            exchange.answer(503, Failure.NO_ENDPOINTS, "no ready endpoints", "");
        }
    }

    @Override
    public void connected() {
        if (!exchange.isOver()) {
            account.connected();
            send();
        }
    }

    private void send() {
        UpstreamEnd upstream = attempts.upstream();
        if (relay.pace().isLimited()) {
            upstream.readAtMost(relay.pace().atOnce());
        }
        attempts.sendHead(account.lines());
        request.sendTo(upstream, repeats.isRepeatable() || upstream.mayRefuse());
        upstream.flush();
        goOn();
        settle();
    }

    void requestBytes(ByteBuf in) {
        if (tunnel != null) {
            tunnel.up(in);
            return;
        }
        request.take(in, attempts.upstream());
        boolean good = request.body().rejection() == Rejection.NONE && !request.isTooLarge();
        if (waiting && good && !request.isWaitedFor()) {
            waiting = false;
            open();
        }
    }

    void flush() {
        attempts.upstream().flush();
    }

    void clientDone() {
        if (tunnel != null) {
            tunnel.clientDone();
            settle();
        }
    }

    @Override
    public void responseHead(ResponseHead head, ByteBuf in) {
        if (exchange.isOver()) {
            return;
        }
        if (head.isInterim()) {
            interim(head);
            return;
        }
        if (head.status() == 101 && !upgrading) {
            failed(Failure.BAD_RESPONSE);
            return;
        }
        if (repeats.isTooLate(head.status())) {
            failed(Failure.READ_TIMEOUT);
            return;
        }
        account.answered(head.status());
        attempts.answered(head.status());
        if (askedElsewhere(head.status())) {
            return;
        }
        response.begin(head, exchange.method(), exchange.isHttp11());
        response.show(exchange.keptStatus());
        flow.begin();
        request.forget();
        attempts.forgetHead();
        upstreamKeepsAlive = head.keepsAlive() && relay.persistence() != Persistence.CLOSE;
        Connection connection = exchange.connection(!response.needsClose());
        int room = Math.min(in.readableBytes(), ResponseRelay.WITH_HEAD);
        ByteBuf edited = loop.heads().of(head, response.transfer(), connection, edits(head), exchange.always(), room);
        if (head.status() == 101) {
            beginTunnel(edited, in);
        } else {
            response.writeHead(client, edited, in);
            afterResponseBytes(in);
        }
    }

    /** Another endpoint is asked because of this answer, or whoever shows errors. */
    private boolean askedElsewhere(int status) {
        if (status < 400) {
            return false;
        }
        if (repeats.isWantedAfter(status)
                && attempts.mayOpenAgain(repeats.isHarmless())
                && attempts.openAgain(Failure.NONE, true, true)) {
            proceed();
            return true;
        }
        if (isUnavailable(status) && failedOver(status, Failure.NONE)) {
            return true;
        }
        return relay.errors().ofBackends() && exchange.asksInstead(status, Failure.NONE, "", "");
    }

    private ResponseEdits edits(ResponseHead head) {
        if (relay.answers().rewrites()) {
            ResponseRewriter.rewrite(head, relay.answers(), exchange.edits().editResponse());
        }
        return exchange.editsOfAnswer();
    }

    private void interim(ResponseHead head) {
        interimResponses++;
        if (interimResponses > MOST_INTERIM_RESPONSES) {
            failed(Failure.BAD_RESPONSE);
            return;
        }
        if (head.status() != 100 && exchange.isHttp11()) { // 100 was ours to say
            response.write(
                    client,
                    loop.heads()
                            .of(head, Transfer.AS_IS, Connection.UNSAID, ResponseEdits.NONE, ResponseEdits.NONE, 0));
            client.flush();
        }
        settle();
    }

    private void beginTunnel(ByteBuf head, ByteBuf in) {
        tunnel = new Tunnel(exchange, client, attempts.upstream(), response);
        flow.becomesTunnel();
        response.write(client, head);
        tunnel.down(in);
        client.becomesTunnel();
        flush();
        settle();
    }

    @Override
    public void responseBytes(ByteBuf in) {
        if (exchange.isOver()) {
            return;
        }
        if (tunnel != null) {
            tunnel.down(in);
            settle();
        } else {
            response.relay(client, in);
            afterResponseBytes(in);
        }
    }

    private void afterResponseBytes(ByteBuf in) {
        if (response.body().rejection() != Rejection.NONE) {
            failed(Failure.BAD_RESPONSE);
        } else if (!response.isDone()) {
            settle();
        } else {
            boolean clean = upstreamKeepsAlive && request.isDone() && !in.isReadable();
            if (clean) {
                attempts.release();
            }
            exchange.complete();
        }
    }

    @Override
    public void upstreamReadDone() {
        client.flush();
    }

    @Override
    public void upstreamWritable() {
        settle();
    }

    @Override
    public void upstreamDone() {
        if (exchange.isOver()) {
            return;
        }
        if (tunnel != null) {
            tunnel.upstreamDone();
            settle();
        } else if (response.isStarted() && response.endsByClose()) {
            response.end(client);
            exchange.complete();
        } else {
            failed(Failure.RESET);
        }
    }

    @Override
    public void upstreamBroken() {
        failed(Failure.RESET);
    }

    @Override
    public void badResponse() {
        failed(Failure.BAD_RESPONSE);
    }

    @Override
    public void connectFailed() {
        failed(Failure.CONNECT);
    }

    @Override
    public void upstreamTimedOut() {
        UpstreamEnd upstream = attempts.upstream();
        if (flow.isPausing()) {
            settle();
        } else if (tunnel != null && !exchange.isOver()) {
            exchange.finish(Failure.NONE, Ending.CLOSE); // nobody has said anything for long
        } else if (!upstream.isConnected()) {
            failed(Failure.CONNECT_TIMEOUT);
        } else {
            failed(upstream.isWritable() ? Failure.READ_TIMEOUT : Failure.SEND_TIMEOUT);
        }
    }

    private void failed(Failure failure) {
        if (exchange.isOver()) {
            return;
        }
        if (response.isStarted()) {
            exchange.finish(failure, Ending.ABORT);
            return;
        }
        account.failed(failure);
        boolean harmless = repeats.isHarmlessAfter(attempts.upstream());
        boolean another = repeats.isWantedAfter(failure);
        if (attempts.openAgain(failure, harmless, another)) {
            proceed();
        } else if (!failedOver(statusOf(failure), failure)) {
            exchange.answer(statusOf(failure), failure, Answers.reasonOf(failure), "");
        }
    }

    private int statusOf(Failure failure) {
        int status = Answers.statusOf(failure);
        return status == 502 && relay.retries().likeIstio() ? 503 : status;
    }

    private static boolean isUnavailable(int status) {
        return status >= 502 && status <= 504;
    }

    /** The primary is asked instead of a canary that could not serve, if its Ingress wants that and the request may be repeated. */
    private boolean failedOver(int status, Failure failure) {
        if (instead || (attempts.wasSent() && !repeats.isHarmless()) || !exchange.failsOver(status, failure)) {
            return false;
        }
        proceed();
        return true;
    }

    boolean isTunnel() {
        return tunnel != null;
    }

    /** What went through a tunnel towards the endpoint. */
    long bytesUp() {
        return tunnel == null ? 0 : tunnel.bytesUp();
    }

    /** The exchange is over: whatever is still open is of no use. */
    void end() {
        pausing.callOff();
        attempts.close();
        attempts.leave();
        attempts.forgetHead();
    }

    /** After each event: who may read, and who is being waited for. */
    void settle() {
        if (exchange.isOver()) {
            return;
        }
        if (waiting) {
            flow.waitForWholeBody();
        } else if (inLine) {
            flow.waitInLine(inLineUntil - loop.nanoTime());
        } else {
            flow.settle();
        }
    }
}
