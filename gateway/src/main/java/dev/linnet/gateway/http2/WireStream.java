package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/** One of our streams, as its connection sees it. */
interface WireStream {
    /** Answers how much of the stream's window may be given back at once. */
    int data(ByteBuf in, int padding, boolean ended);

    /** The peer has sent all that there was for now. */
    void readDone();

    void writabilityChanged();

    /** The peer has taken something. */
    void windowGrew();

    /** The peer has reset the stream; its end follows. */
    void resetByPeer(Http2Error error);

    /** The stream is closed, whoever has closed it. May be called more than once. */
    void closed();
}
