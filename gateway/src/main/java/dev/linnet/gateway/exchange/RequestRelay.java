package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Body;
import dev.linnet.gateway.http.ChunkedBody;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.routing.policy.Bodies;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The request's body on its way to the endpoint. What comes before there is a connection is kept; what is small enough stays kept
 * until the response begins, so that another endpoint can be asked.
 */
final class RequestRelay {
    private int keepAtMost;
    private Bodies rules = Bodies.ANY;
    private boolean dropping;
    private Body body = Body.none();
    private List<ByteBuf> kept = List.of();
    private int keptBytes;
    private boolean keeping = true;
    private long bytes;
    private List<BodyCopy> copies = List.of();

    RequestRelay(int keepAtMost) {
        this.keepAtMost = keepAtMost;
    }

    void begin(RequestHead head) {
        body = Body.of(head);
    }

    /** From now on this is what the route wants. */
    void obey(Bodies wanted) {
        rules = wanted;
        keepAtMost = wanted.keptAtMost();
    }

    boolean isDone() {
        return body.isDone();
    }

    /** Nobody waits for any more of it. */
    boolean isSettled() {
        return dropping || body.isDone();
    }

    /** What has come and will come of it is of no use. */
    boolean isDropped() {
        return dropping;
    }

    /** More has come than the route takes. What was announced is known before. */
    boolean isTooLarge() {
        return body instanceof ChunkedBody chunked && !rules.admits(chunked.dataBytes());
    }

    /** Whether it is waited for before an endpoint is asked. */
    boolean isWaitedFor() {
        return rules.wholeFirst() && !isSettled() && hasRoom();
    }

    /** What there is of it, and what will come, is of no use any more. */
    void drop() {
        forget();
        dropping = true;
    }

    /** What has come of it. */
    long bytes() {
        return bytes;
    }

    Body body() {
        return body;
    }

    /** Takes what belongs to the body out of a buffer, and sends it on if there is someone to send it to. */
    void take(ByteBuf in, UpstreamEnd upstream) {
        int mine = body.pass(in);
        if (mine == 0) {
            return;
        }
        bytes += mine;
        if (dropping) {
            in.skipBytes(mine);
            return;
        }
        ByteBuf piece = piece(in, mine);
        copy(piece);
        if (!keeping) {
            upstream.write(piece);
            return;
        }
        if (kept.isEmpty()) {
            kept = new ArrayList<>(2);
        }
        kept.add(piece);
        keptBytes += mine;
        if (upstream.isConnected()) {
            upstream.write(piece.retainedDuplicate());
            limitWhatIsKept();
        }
    }

    /** From now on somebody else gets it too, beginning with what has come so far; to be asked for before an endpoint is. */
    void copyTo(BodyCopy copy) {
        for (int i = 0; i < kept.size(); i++) {
            copy.piece(kept.get(i).retainedDuplicate());
        }
        if (body.isDone()) {
            copy.complete();
        } else {
            copies = copies.isEmpty() ? new ArrayList<>(1) : copies;
            copies.add(copy);
        }
    }

    private void copy(ByteBuf piece) {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).piece(piece.retainedDuplicate());
            if (body.isDone()) {
                copies.get(i).complete();
            }
        }
    }

    /** What is kept for long, piece by piece from a slow client, must not each hold a large buffer that it came in. */
    private ByteBuf piece(ByteBuf in, int length) {
        boolean small = keeping && rules.wholeFirst() && !body.isDone() && in.capacity() > 2 * length;
        return small ? in.readBytes(length) : in.readRetainedSlice(length);
    }

    /** Sends all that has come so far. */
    void sendTo(UpstreamEnd upstream, boolean mayBeSentAgain) {
        for (int i = 0; i < kept.size(); i++) {
            upstream.write(kept.get(i).retainedDuplicate());
        }
        if (mayBeSentAgain) {
            limitWhatIsKept();
        } else {
            forget();
        }
    }

    private void limitWhatIsKept() {
        if (keptBytes > keepAtMost) {
            forget();
        }
    }

    /** Whether all that has come so far is still here. */
    boolean canBeSentAgain() {
        return keeping;
    }

    /** Whether more may come while there is no connection. */
    boolean hasRoom() {
        return keptBytes < keepAtMost;
    }

    /** Keeps nothing any more. */
    void forget() {
        keeping = false;
        for (int i = 0; i < kept.size(); i++) {
            kept.get(i).release();
        }
        kept = List.of();
    }
}
