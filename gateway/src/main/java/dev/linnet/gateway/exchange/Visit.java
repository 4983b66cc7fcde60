package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.Head;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Route;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.Redirects.Asked;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/**
 * A request on its way through the {@link Check}s of its route, one after the other. While one holds it, what comes of its body is kept
 * up to a limit; if the client goes away, {@link #whenAbandoned} tells.
 */
public final class Visit {
    private static final byte[] NOTHING = {};

    private final Exchange exchange;
    private final Loop loop;
    private final ClientEnd client;
    private final Route route;
    private final List<Check> checks;
    private final int headLength;
    private RequestHead head;
    private byte[] held = NOTHING;
    private Runnable abandoned = () -> {};
    private int next;
    private boolean running;
    private boolean passed;
    private boolean over;

    Visit(Exchange exchange, Loop loop, ClientEnd client, Route route, RequestHead head, int headLength) {
        this.exchange = exchange;
        this.loop = loop;
        this.client = client;
        this.route = route;
        this.checks = loop.state(route).checks();
        this.head = head;
        this.headLength = headLength;
    }

    /** Runs checks until one holds the request or answers it, or all are passed. A loop, because passing within a visit is the rule. */
    void run() {
        running = true;
        do {
            passed = false;
            if (next == checks.size()) {
                over = true;
                exchange.admitted(head, route);
                break;
            }
            checks.get(next++).visit(this);
        } while (passed && !over);
        running = false;
    }

    /** The request is answered without checks. */
    void decorate() {
        over = true;
        checks.forEach(check -> check.decorate(this));
    }

    public RequestHead head() {
        return head;
    }

    public Route route() {
        return route;
    }

    public ClientEnd client() {
        return client;
    }

    /** Who asks, with what trusted proxies tell of it. */
    public Caller caller() {
        return exchange.caller();
    }

    /** What the client wanted, for redirects. */
    public Asked asked() {
        return exchange.asked(head);
    }

    public Loop loop() {
        return loop;
    }

    /** What the backend's head will have or lack. */
    public RequestEdits requestEdits() {
        return exchange.edits().editRequest();
    }

    /** What the client's head will have or lack, whoever answers. */
    public ResponseEdits responseEdits() {
        return exchange.edits().editResponse();
    }

    /**
     * A copy of what the backend will get, to be sent to somebody else as well.
     *
     * @param edits what is different in its head, beside what is done for all
     */
    public ByteBuf copyOfHead(RequestEdits edits) {
        keepHead();
        ByteBuf copy = loop.heads().of(head, caller(), edits);
        scanAgain(); // edits leave marks in what was scanned
        return copy;
    }

    /** Lets somebody else have the request's body as well. */
    public void copyBodyTo(BodyCopy copy) {
        exchange.copyBodyTo(copy);
    }

    private void keepHead() {
        if (held.length == 0) {
            held = Arrays.copyOf(head.bytes(), headLength);
        }
    }

    /** To be called by a check that decides later: the head is kept. The check must see to a deadline of its own. */
    public void hold() {
        keepHead();
        exchange.holds();
    }

    /** Called if the request ends before the check has decided, so that it can stop what it does. */
    public void whenAbandoned(Runnable action) {
        abandoned = action;
    }

    /** The head once more, for a check that has held the request since it last looked at it. */
    public RequestHead headAgain() {
        if (held.length > 0) {
            scanAgain();
        }
        return head;
    }

    /** Called when the request is over, however it ends. Several may ask for that. */
    public void whenOver(Runnable action) {
        exchange.whenOver(action);
    }

    /** The request may go on. */
    public void pass() {
        if (over) {
            return;
        }
        passed = true;
        if (!running) {
            abandoned = () -> {};
            scanAgain();
            run();
        }
    }

    /** The shared scanner has seen other heads meanwhile. */
    private void scanAgain() {
        byte[] bytes = loop.requestBytes();
        System.arraycopy(held, 0, bytes, 0, held.length);
        head = loop.requestHead();
        if (head.scan(bytes, held.length) == Head.REJECTED) {
            throw new IllegalStateException("a head that was good is not any more: " + head.rejection());
        }
        head.from(exchange.caller());
    }

    /**
     * The gateway answers instead of a backend.
     *
     * @param failure why, for the numbers; {@link Failure#NONE} if that is how it should be
     * @param reason  for a person; never what the client sent
     * @param headers further lines, each with its end
     */
    public void answer(int status, Failure failure, String reason, String headers) {
        if (over) {
            return;
        }
        over = true;
        abandoned = () -> {};
        exchange.answer(status, failure, reason, headers);
    }

    /**
     * The gateway answers what the route says, word for word.
     *
     * @param headers further lines, each with its end
     */
    public void answer(FixedAnswer answer, String headers) {
        if (over) {
            return;
        }
        over = true;
        abandoned = () -> {};
        exchange.answer(answer, headers);
    }

    public boolean isOver() {
        return over;
    }

    void abandon() {
        if (!over) {
            over = true;
            abandoned.run();
        }
    }
}
