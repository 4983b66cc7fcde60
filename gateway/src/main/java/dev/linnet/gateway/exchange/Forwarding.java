package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.gateway.http.ResponseEditor.Transfer;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Side;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The part of an exchange that deals with endpoints: asks one, asks another if need be, and passes on what it answers. */
final class Forwarding implements Asker {
    private static final int MOST_INTERIM_RESPONSES = 32;

    private final Exchange exchange;
    private final Loop loop;
    private final ClientEnd client;
    private final Account account;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Attempts attempts;

    private boolean expectsContinue;
    private boolean upgrading;
    private boolean upstreamKeepsAlive;
    private int interimResponses;
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
        this.attempts = new Attempts(loop, upstreams, this);
    }

    /** Settles the side. False if it has no endpoints. */
    boolean choose(Side side, SideState state, RequestHead head) {
        return attempts.choose(side, state, head, exchange);
    }

    /** Asks another side instead. False if it has no endpoints. */
    boolean askOther(Side side, SideState state) {
        return attempts.openOther(side, state);
    }

    void start(RequestHead head) {
        expectsContinue = head.expectsContinue() && request.bytes() == 0;
        upgrading = head.wantsUpgrade();
        attempts.useHead(loop.editedHead(head, exchange.caller(), exchange.requestEdits()));
        account.sent(head);
        attempts.open();
        proceed();
    }

    private void proceed() {
        account.attempting(attempts.endpoint());
        if (attempts.upstream().isConnected()) {
            account.connectedAtOnce();
            send();
        } else {
            settle();
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
        attempts.sendHead();
        request.sendTo(upstream, exchange.method().isIdempotent() || upstream.mayRefuse());
        upstream.flush();
        if (expectsContinue && !request.isDone()) {
            expectsContinue = false;
            response.write(client, loop.answers().goOn());
            client.flush();
        }
        settle();
    }

    void requestBytes(ByteBuf in) {
        if (tunnel == null) {
            request.take(in, attempts.upstream());
        } else {
            tunnel.up(in);
        }
    }

    void flush() {
        attempts.upstream().flush();
    }

    void clientDone() {
        if (tunnel != null) {
            tunnel.clientDone();
            endTunnelIfDone(tunnel);
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
        account.answered(head.status());
        if (isUnavailable(head.status()) && failedOver(head.status(), Failure.NONE)) {
            return;
        }
        attempts.answered();
        response.begin(head, exchange.method(), exchange.isHttp11());
        request.forget();
        attempts.forgetHead();
        upstreamKeepsAlive = head.keepsAlive();
        Connection connection = exchange.connection(!response.needsClose());
        int room = Math.min(in.readableBytes(), ResponseRelay.WITH_HEAD);
        ByteBuf edited = loop.editedHead(head, response.transfer(), connection, exchange.editsOfAnswer(), room);
        if (head.status() == 101) {
            beginTunnel(edited, in);
        } else {
            response.writeHead(client, edited, in);
            afterResponseBytes(in);
        }
    }

    private void interim(ResponseHead head) {
        interimResponses++;
        if (interimResponses > MOST_INTERIM_RESPONSES) {
            failed(Failure.BAD_RESPONSE);
            return;
        }
        if (head.status() != 100 && exchange.isHttp11()) { // 100 was ours to say
            response.write(client, loop.editedHead(head, Transfer.AS_IS, Connection.UNSAID, ResponseEdits.NONE, 0));
            client.flush();
        }
        settle();
    }

    private void beginTunnel(ByteBuf head, ByteBuf in) {
        tunnel = new Tunnel(client, attempts.upstream(), response);
        response.write(client, head);
        tunnel.down(in);
        client.becomesTunnel();
        flush();
        if (!exchange.isOver()) {
            settle();
        }
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
        if (!exchange.isOver()) {
            settle();
        }
    }

    @Override
    public void upstreamDone() {
        if (exchange.isOver()) {
            return;
        }
        if (tunnel != null) {
            tunnel.upstreamDone();
            endTunnelIfDone(tunnel);
        } else if (response.isStarted() && response.endsByClose()) {
            response.end(client);
            exchange.complete();
        } else {
            failed(Failure.RESET);
        }
    }

    private void endTunnelIfDone(Tunnel done) {
        if (done.isDone()) {
            exchange.finish(Failure.NONE, Ending.CLOSE);
        } else {
            settle();
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
        if (tunnel != null && !exchange.isOver()) {
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
        boolean mayBeRepeated =
                exchange.method().isIdempotent() || attempts.upstream().hasRefused();
        boolean harmless = mayBeRepeated && request.canBeSentAgain();
        if (failure != Failure.BAD_RESPONSE && attempts.openAgain(failure, harmless)) {
            proceed();
        } else if (!failedOver(Answers.statusOf(failure), failure)) {
            exchange.answer(Answers.statusOf(failure), failure, Answers.reasonOf(failure), "");
        }
    }

    private static boolean isUnavailable(int status) {
        return status >= 502 && status <= 504;
    }

    /** The primary is asked instead of a canary that could not serve, if its Ingress wants that and the request may be repeated. */
    private boolean failedOver(int status, Failure failure) {
        boolean harmless = exchange.method().isIdempotent() && request.canBeSentAgain();
        if ((attempts.wasSent() && !harmless) || !exchange.failsOver(status, failure)) {
            return false;
        }
        proceed();
        return true;
    }

    boolean isTunnel() {
        return tunnel != null;
    }

    /** How many endpoints were asked. */
    int attempts() {
        return attempts.count();
    }

    /** What went through a tunnel towards the endpoint. */
    long bytesUp() {
        return tunnel == null ? 0 : tunnel.bytesUp();
    }

    /** The exchange is over: whatever is still open is of no use. */
    void end() {
        attempts.close();
        attempts.forgetHead();
    }

    /** After each event: who may read, and who is being waited for. There is always a deadline. */
    void settle() {
        UpstreamEnd upstream = attempts.upstream();
        if (!upstream.isConnected()) {
            client.read(request.hasRoom());
            client.waitNoLonger(); // the connection attempt has its own deadline
            return;
        }
        boolean up = upstream.isWritable();
        boolean down = client.isWritable();
        client.read(up);
        upstream.read(down);
        waitForUpstream(upstream, up, down);
        waitForClient(up, down);
    }

    private void waitForUpstream(UpstreamEnd upstream, boolean up, boolean down) {
        boolean itsTurn = tunnel != null || response.isStarted() || request.isDone();
        if (!up) {
            upstream.waitAtMost(attempts.sendNanos());
        } else if (down && itsTurn) {
            upstream.waitAtMost(attempts.readNanos());
        } else {
            upstream.waitNoLonger();
        }
    }

    private void waitForClient(boolean up, boolean down) {
        if (!down) {
            client.waitAtMost(loop.settings().sendTimeout().toNanos());
        } else if (up && tunnel == null && !request.isDone()) {
            client.waitAtMost(loop.settings().bodyTimeout().toNanos());
        } else {
            client.waitNoLonger();
        }
    }
}
