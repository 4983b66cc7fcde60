package dev.linnet.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Whoever gets a request's body as it comes, beside the endpoint. All calls come from the event loop of the exchange. */
public interface BodyCopy {
    /** The next bytes, framed as the client framed them. The buffer belongs to the copy. */
    void piece(ByteBuf bytes);

    /** There is no more. */
    void complete();

    /** The request is over, and there will be no more even if it was not complete. */
    void over();
}
