package dev.linnet.gateway.http;

import io.netty.buffer.ByteBuf;

/** Finds where a message's body ends. Stateful: one instance for one body. */
public sealed interface Body permits ChunkedBody, Body.Nothing, Body.UntilClose, Body.Sized {
    static Body none() {
        return Nothing.NOTHING;
    }

    static Body ofLength(long length) {
        return length == 0 ? none() : new Sized(length);
    }

    static Body of(RequestHead head) {
        return head.isChunked() ? new ChunkedBody() : ofLength(Math.max(0, head.contentLength()));
    }

    static Body of(ResponseHead head, ResponseHead.Framing framing) {
        return switch (framing) {
            case NONE -> none();
            case LENGTH -> ofLength(head.contentLength());
            case CHUNKED -> new ChunkedBody();
            case UNTIL_CLOSE -> UntilClose.UNTIL_CLOSE;
        };
    }

    /**
     * How many of the readable bytes belong to the body, with its framing. Takes note of them as passed; the buffer is left as it
     * is. Look at {@link #rejection} afterwards.
     */
    int pass(ByteBuf in);

    /** Whether all of the body has been passed. */
    boolean isDone();

    /** Whether the connection's end would be this body's proper end. */
    default boolean endsByClose() {
        return isDone();
    }

    default Rejection rejection() {
        return Rejection.NONE;
    }

    /** There is no body. */
    enum Nothing implements Body {
        NOTHING;

        @Override
        public int pass(ByteBuf in) {
            return 0;
        }

        @Override
        public boolean isDone() {
            return true;
        }
    }

    /** It lasts until the connection is closed. */
    enum UntilClose implements Body {
        UNTIL_CLOSE;

        @Override
        public int pass(ByteBuf in) {
            return in.readableBytes();
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public boolean endsByClose() {
            return true;
        }
    }

    /** Its length was announced. */
    final class Sized implements Body {
        private long left;

        private Sized(long length) {
            this.left = length;
        }

        @Override
        public int pass(ByteBuf in) {
            int mine = (int) Math.min(left, in.readableBytes());
            left -= mine;
            return mine;
        }

        @Override
        public boolean isDone() {
            return left == 0;
        }
    }
}
