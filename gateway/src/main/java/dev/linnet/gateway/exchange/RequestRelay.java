package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Body;
import dev.linnet.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The request's body on its way to the endpoint. What comes before there is a connection is kept; what is small enough stays kept
 * until the response begins, so that another endpoint can be asked.
 */
final class RequestRelay {
    private final int keepAtMost;
    private Body body = Body.none();
    private List<ByteBuf> kept = List.of();
    private int keptBytes;
    private boolean keeping = true;
    private long bytes;

    RequestRelay(int keepAtMost) {
        this.keepAtMost = keepAtMost;
    }

    void begin(RequestHead head) {
        body = Body.of(head);
    }

    boolean isDone() {
        return body.isDone();
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
        ByteBuf piece = in.readRetainedSlice(mine);
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
