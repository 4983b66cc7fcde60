package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import io.netty.buffer.ByteBuf;

/** The end of an exchange that asked. Buffers that are written belong to it. */
public interface ClientEnd {
    /** Who is at this end, as far as the connection tells. What a request tells beyond that: {@link Visit#caller}. */
    Caller caller();

    /** Whether the client speaks HTTP/2, and not HTTP/1.1. */
    default boolean isHttp2() {
        return false;
    }

    /** A head comes whole in one buffer, and nothing of another message with it. */
    void write(ByteBuf bytes);

    /** Sends what was written, unless a flush is due at the end of this turn anyway. */
    void flush();

    /** False while more is waiting to be sent than should be. {@link Exchange#clientWritable} tells of the end. */
    boolean isWritable();

    /** Pauses or resumes reading. */
    void read(boolean on);

    /** Whether this end would serve another exchange after this one. */
    boolean keepsAlive();

    /** From now on {@link Exchange#clientTimedOut} is called after so long, unless this or the next method is called again. */
    void waitAtMost(long nanos);

    void waitNoLonger();

    /** From now on all bytes belong to the exchange. */
    void becomesTunnel();

    /** Nothing more will be written. Sends what was. */
    void shutdownOutput();

    /** The exchange is over. */
    void finished(Ending ending);

    /** What becomes of the connection. */
    enum Ending {
        KEEP,
        CLOSE,
        /** The response is not whole, and the client must notice: reset. */
        ABORT
    }
}
