package dev.linnet.gateway.exchange;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of an exchange that answers: one connection to an endpoint. Buffers that are written belong to it. */
public interface UpstreamEnd {
    boolean isConnected();

    /** Whether it has served another exchange before, so that it may turn out to be closed. */
    boolean isReused();

    /** How many exchanges it has served, this one included; 0 where many share a connection. */
    default int exchanges() {
        return 0;
    }

    /** Whether it may say that it has done nothing with a request, which then may be sent again whatever it is. */
    default boolean mayRefuse() {
        return false;
    }

    /** Whether it has said so (RFC 9113 §8.7). */
    default boolean hasRefused() {
        return false;
    }

    /** A head comes whole in one buffer, and nothing of another message with it. */
    void write(ByteBuf bytes);

    void flush();

    boolean isWritable();

    /** Pauses or resumes reading. */
    void read(boolean on);

    /** Hands over no more than so much at once, as long as this exchange lasts; where many share a connection, as much as comes. */
    default void readAtMost(int bytes) {}

    /** From now on {@link Asker#upstreamTimedOut} is called after so long, unless this or the next method is called again. */
    void waitAtMost(long nanos);

    /** The same for what a person has written, to whom zero means no end. */
    default void waitAtMost(Duration limit) {
        waitAtMost(nanos(limit));
    }

    /** Zero means no end to a person who writes it, and a day to us. */
    static long nanos(Duration limit) {
        return limit.isPositive() ? limit.toNanos() : TimeUnit.DAYS.toNanos(1);
    }

    void waitNoLonger();

    void shutdownOutput();

    /** The exchange is over and the connection good for another. */
    void release();

    /** The connection is not good any more. The exchange hears nothing of it from now on. */
    void close();
}
