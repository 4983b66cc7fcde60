package dev.linnet.gateway.policy;

import dev.linnet.gateway.http.Body;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.numbers.Method;
import io.netty.buffer.ByteBuf;

/** The rest of an answer of which only the head is of interest: it is read and dropped, so that the connection can be used again. */
final class Dropped {
    private final long atMost;
    private boolean keepsAlive;
    private Body body = Body.none();
    private long bytes;

    /** What is to be done with the connection. */
    enum Next {
        READ_ON,
        RELEASE,
        CLOSE
    }

    /** @param atMost bytes; of what is longer the connection is closed instead */
    Dropped(long atMost) {
        this.atMost = atMost;
    }

    void begin(ResponseHead head, Method method) {
        keepsAlive = head.keepsAlive();
        body = Body.of(head, head.framing(method));
    }

    Next take(ByteBuf in) {
        int mine = body.pass(in);
        in.skipBytes(mine);
        bytes += mine;
        boolean bad = body.rejection() != Rejection.NONE || in.isReadable() || bytes > atMost;
        if (bad || (body.isDone() && !keepsAlive)) {
            return Next.CLOSE;
        }
        return body.isDone() ? Next.RELEASE : Next.READ_ON;
    }
}
