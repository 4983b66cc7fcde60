package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.Head;
import dev.linnet.gateway.http.RequestHead;
import java.util.Arrays;

/** A request's head that is needed later, when the shared scanner will have seen others. */
final class HeldHead {
    private final byte[] bytes;
    private final Caller caller;

    HeldHead(RequestHead head, int length, Caller caller) {
        this.bytes = Arrays.copyOf(head.bytes(), length);
        this.caller = caller;
    }

    RequestHead scanAgain(Loop loop) {
        byte[] scratch = loop.requestBytes();
        System.arraycopy(bytes, 0, scratch, 0, bytes.length);
        RequestHead head = loop.requestHead();
        if (head.scan(scratch, bytes.length) == Head.REJECTED) {
            throw new IllegalStateException("a head that was good is not any more: " + head.rejection());
        }
        head.from(caller);
        return head;
    }
}
