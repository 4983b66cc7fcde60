package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.gateway.http.ResponseEditor.Transfer;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.numbers.Outcome;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Match;
import dev.linnet.routing.Route;
import dev.linnet.routing.Side;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response. Ends call it when something happens; it calls ends. Once it is over it does nothing any more, so
 * late events do no harm. It makes exactly one {@link Outcome}.
 */
public final class Exchange {
    private static final int MOST_INTERIM_RESPONSES = 32;

    private final Loop loop;
    private final ClientEnd client;
    private final Times times;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Attempts attempts;
    private SeriesRecorder series;

    private Method method = Method.OTHER;
    private boolean http11 = true;
    private boolean keepAlive;
    private boolean expectsContinue;
    private boolean upgrading;
    private boolean upstreamKeepsAlive;
    private @Nullable Tunnel tunnel;
    private int interimResponses;
    private long headBytes;
    private boolean over;

    public Exchange(Loop loop, Upstreams upstreams, ClientEnd client) {
        this.loop = loop;
        this.client = client;
        this.times = new Times(loop.nanoTime());
        this.request = new RequestRelay(loop.settings().replayBytes());
        this.response = new ResponseRelay(loop);
        this.attempts = new Attempts(upstreams, this);
        this.series = loop.unrouted();
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
        headBytes = length;
        request.begin(head);
        request.take(in, NoUpstream.NONE);
        if (request.body().rejection() != Rejection.NONE) {
            refuse(request.body().rejection());
            return;
        }
        switch (loop.table().find(head)) {
            case Match.Unmatched unmatched -> answer(404, Failure.NO_ROUTE, unmatched.reason(), "");
            case Match.SlashRedirect redirect -> answer(301, Failure.NONE, "", location(head, redirect));
            case Route route -> forward(head, route);
        }
    }

    /** With the port that the client used: nginx leaves it out, which only works on port 80. */
    private String location(RequestHead head, Match.SlashRedirect redirect) {
        return "Location: " + client.scheme() + "://" + head.hostText() + PathText.encoded(redirect.path())
                + head.queryText() + "\r\n";
    }

    private void forward(RequestHead head, Route route) {
        Side side = route.choose(head, loop, loop.random());
        boolean served = attempts.choose(side, loop);
        if (!served && side.isCanary()) { // its last endpoint went this very moment
            side = route.primary();
            served = attempts.choose(side, loop);
        }
        series = loop.recorder(side);
        if (!served) {
            answer(503, Failure.NO_ENDPOINTS, "no ready endpoints", "");
            return;
        }
        expectsContinue = head.expectsContinue() && request.bytes() == 0;
        upgrading = head.wantsUpgrade();
        attempts.useHead(loop.editedHead(head, client.forwardedLines()));
        attempts.open();
        proceed();
    }

    private void proceed() {
        if (attempts.upstream().isConnected()) {
            times.connectedAtOnce();
            send();
        } else {
            rearm();
        }
    }

    /** The connection that was asked for stands. */
    public void connected() {
        if (!over) {
            times.connected(loop.nanoTime());
            send();
        }
    }

    private void send() {
        UpstreamEnd upstream = attempts.upstream();
        attempts.sendHead();
        request.sendTo(upstream, method.isIdempotent());
        upstream.flush();
        if (expectsContinue && !request.isDone()) {
            expectsContinue = false;
            response.write(client, loop.answers().goOn());
            client.flush();
        }
        rearm();
    }

    public void connectFailed() {
        if (!over) {
            failed(Failure.CONNECT);
        }
    }

    /** Whether bytes from the client belong to this exchange rather than to the next one. */
    public boolean takesMore() {
        return !over && (tunnel != null || !request.isDone());
    }

    /** Takes what belongs to this exchange out of a buffer. */
    public void requestBytes(ByteBuf in) {
        if (over) {
            return;
        }
        if (tunnel != null) {
            tunnel.up(in);
            rearm();
            return;
        }
        request.take(in, attempts.upstream());
        if (request.body().rejection() != Rejection.NONE) {
            refuse(request.body().rejection());
            return;
        }
        rearm();
    }

    /** The client has sent all that there was for now. */
    public void clientReadDone() {
        attempts.upstream().flush();
    }

    public void clientWritable() {
        if (!over) {
            rearm();
        }
    }

    /** The client will send nothing more. It may still wait for the response: then the request must have been whole. */
    public void clientDone() {
        if (over) {
            return;
        }
        if (tunnel != null) {
            tunnel.clientDone();
            endTunnelIfDone(tunnel);
        } else if (!request.isDone()) {
            clientGone();
        }
    }

    public void clientGone() {
        if (!over) {
            attempts.close();
            finish(tunnel == null ? Failure.CLIENT_ABORT : Failure.NONE, Ending.ABORT);
        }
    }

    public void clientTimedOut() {
        if (over) {
            return;
        }
        if (response.isStarted() || !client.isWritable()) {
            attempts.close();
            finish(Failure.CLIENT_TIMEOUT, Ending.ABORT);
        } else {
            refuse(408, Failure.CLIENT_TIMEOUT, "request body took too long");
        }
    }

    /** The final or an interim response head, and what has come behind it. */
    public void responseHead(ResponseHead head, ByteBuf in) {
        if (over) {
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
        times.headed(loop.nanoTime());
        response.begin(head, method, http11);
        request.forget();
        attempts.forgetHead();
        upstreamKeepsAlive = head.keepsAlive();
        keepAlive = keepAlive && !response.needsClose() && request.isDone() && client.keepsAlive();
        int room = Math.min(in.readableBytes(), ResponseRelay.WITH_HEAD);
        ByteBuf edited = loop.editedHead(head, response.transfer(), connection(), room);
        if (head.status() == 101) {
            beginTunnel(edited, in);
            return;
        }
        response.writeHead(client, edited, in);
        afterResponseBytes(in);
    }

    private void interim(ResponseHead head) {
        interimResponses++;
        if (interimResponses > MOST_INTERIM_RESPONSES) {
            failed(Failure.BAD_RESPONSE);
            return;
        }
        if (head.status() != 100 && http11) { // 100 was ours to say
            response.write(client, loop.editedHead(head, Transfer.AS_IS, Connection.UNSAID, 0));
            client.flush();
        }
        rearm();
    }

    private Connection connection() {
        if (!keepAlive) {
            return Connection.CLOSE;
        }
        return http11 ? Connection.UNSAID : Connection.KEEP_ALIVE;
    }

    private void beginTunnel(ByteBuf head, ByteBuf in) {
        Tunnel opened = new Tunnel(client, attempts.upstream());
        tunnel = opened;
        response.write(client, head);
        opened.down(in);
        client.becomesTunnel();
        attempts.upstream().flush();
        rearm();
    }

    public void responseBytes(ByteBuf in) {
        if (over) {
            return;
        }
        if (tunnel != null) {
            tunnel.down(in);
            rearm();
            return;
        }
        response.relay(client, in);
        afterResponseBytes(in);
    }

    private void afterResponseBytes(ByteBuf in) {
        if (response.body().rejection() != Rejection.NONE) {
            failed(Failure.BAD_RESPONSE);
        } else if (response.isDone()) {
            boolean clean = upstreamKeepsAlive && request.isDone() && !in.isReadable();
            complete(clean);
        } else {
            rearm();
        }
    }

    private void complete(boolean clean) {
        if (clean) {
            attempts.release();
        } else {
            attempts.close();
        }
        finish(Failure.NONE, keepAlive ? Ending.KEEP : Ending.CLOSE);
    }

    /** The endpoint has sent all that there was for now. */
    public void upstreamReadDone() {
        client.flush();
    }

    public void upstreamWritable() {
        if (!over) {
            rearm();
        }
    }

    /** The endpoint will send nothing more. */
    public void upstreamDone() {
        if (over) {
            return;
        }
        if (tunnel != null) {
            tunnel.upstreamDone();
            endTunnelIfDone(tunnel);
        } else if (response.isStarted() && response.endsByClose()) {
            response.end(client);
            complete(false);
        } else {
            failed(Failure.RESET);
        }
    }

    private void endTunnelIfDone(Tunnel done) {
        if (done.isDone()) {
            attempts.close();
            finish(Failure.NONE, Ending.CLOSE);
        } else {
            rearm();
        }
    }

    public void upstreamBroken() {
        if (!over) {
            failed(Failure.RESET);
        }
    }

    public void badResponse() {
        if (!over) {
            failed(Failure.BAD_RESPONSE);
        }
    }

    public void upstreamTimedOut() {
        if (over) {
            return;
        }
        if (tunnel != null) {
            attempts.close();
            finish(Failure.NONE, Ending.CLOSE);
        } else if (!attempts.upstream().isConnected()) {
            failed(Failure.CONNECT_TIMEOUT);
        } else {
            failed(attempts.upstream().isWritable() ? Failure.READ_TIMEOUT : Failure.SEND_TIMEOUT);
        }
    }

    /** The gateway stops and will not wait any longer. */
    public void stop() {
        if (!over) {
            attempts.close();
            finish(Failure.STOPPED, Ending.ABORT);
        }
    }

    private void failed(Failure failure) {
        if (response.isStarted()) {
            attempts.close();
            finish(failure, Ending.ABORT);
            return;
        }
        boolean harmless = method.isIdempotent() && request.canBeSentAgain();
        if (failure != Failure.BAD_RESPONSE && attempts.openAgain(failure, harmless)) {
            proceed();
            return;
        }
        answer(statusOf(failure), failure, reasonOf(failure), "");
    }

    private static int statusOf(Failure failure) {
        return switch (failure) {
            case CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT -> 504;
            case CONNECT, RESET, BAD_RESPONSE -> 502;
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, STOPPED -> 500;
        };
    }

    private static String reasonOf(Failure failure) {
        return switch (failure) {
            case CONNECT -> "no endpoint accepts a connection";
            case CONNECT_TIMEOUT -> "no endpoint accepts a connection in time";
            case SEND_TIMEOUT -> "the endpoint does not take the request";
            case READ_TIMEOUT -> "the endpoint does not answer in time";
            case RESET -> "the endpoint closed the connection";
            case BAD_RESPONSE -> "the endpoint's answer is malformed";
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, STOPPED -> "";
        };
    }

    /** Refuses what cannot be an exchange, or cannot go on as one. The connection is closed: where the next request begins is unknown. */
    public void refuse(Rejection rejection) {
        refuse(rejection.status(), Failure.BAD_REQUEST, rejection.reason());
    }

    public void refuse(int status, Failure failure, String reason) {
        if (response.isStarted()) {
            attempts.close();
            finish(failure, Ending.ABORT);
            return;
        }
        keepAlive = false;
        answer(status, failure, reason, "");
    }

    private void answer(int status, Failure failure, String reason, String headers) {
        attempts.close();
        keepAlive = keepAlive && request.isDone() && client.keepsAlive();
        boolean withBody = method != Method.HEAD;
        response.answered(
                client,
                status,
                loop.answers().answer(status, reason, headers, connection(), loop.dateLine(), withBody));
        finish(failure, keepAlive ? Ending.KEEP : Ending.CLOSE);
    }

    private void finish(Failure failure, Ending ending) {
        over = true;
        request.forget();
        attempts.forgetHead();
        long now = loop.nanoTime();
        boolean observed = attempts.count() == 1;
        long up = tunnel == null ? 0 : tunnel.bytesUp();
        long down = tunnel == null ? 0 : tunnel.bytesDown();
        series.record(new Outcome(
                method,
                failure == Failure.CLIENT_ABORT ? 499 : response.status(),
                failure,
                times.requestNanos(now),
                observed ? times.connectNanos() : Outcome.NOT_OBSERVED,
                observed ? times.headerNanos() : Outcome.NOT_OBSERVED,
                observed ? times.responseNanos(now) : Outcome.NOT_OBSERVED,
                headBytes + request.bytes() + up,
                response.bytes() + down));
        client.waitNoLonger();
        client.finished(ending);
    }

    /** After each event: who may read, and who is being waited for. There is always a deadline. */
    private void rearm() {
        UpstreamEnd upstream = attempts.upstream();
        if (!upstream.isConnected()) {
            client.read(request.hasRoom()); // the connection attempt has its own deadline
            client.waitNoLonger();
            return;
        }
        boolean up = upstream.isWritable();
        boolean down = client.isWritable();
        client.read(up);
        upstream.read(down);
        boolean answering = tunnel != null || response.isStarted() || request.isDone();
        if (!up) {
            upstream.waitAtMost(attempts.sendNanos());
        } else if (down && answering) {
            upstream.waitAtMost(attempts.readNanos());
        } else {
            upstream.waitNoLonger();
        }
        if (!down) {
            client.waitAtMost(loop.settings().sendTimeout().toNanos());
        } else if (up && tunnel == null && !request.isDone()) {
            client.waitAtMost(loop.settings().bodyTimeout().toNanos());
        } else {
            client.waitNoLonger();
        }
    }
}
