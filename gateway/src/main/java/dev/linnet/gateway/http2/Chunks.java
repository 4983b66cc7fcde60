package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** DATA as a chunk of HTTP/1.1. */
final class Chunks {
    private static final int COPIED = 1024;
    private static final byte[] CRLF = Bytes.ascii("\r\n");

    private Chunks() {}

    /** @param to takes what it wants of a buffer, which is not its own */
    static void give(ByteBuf data, Http2Wire wire, Consumer<ByteBuf> to) {
        int length = data.readableBytes();
        if (length == 0) {
            return;
        }
        byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        if (length <= COPIED) {
            lend(wire.buffer(length + 16).writeBytes(size).writeBytes(data).writeBytes(CRLF), to);
        } else {
            lend(wire.buffer(16).writeBytes(size), to);
            to.accept(data);
            lend(wire.buffer(CRLF.length).writeBytes(CRLF), to);
        }
    }

    /** The last one, with these trailers. */
    @SuppressWarnings("ReferenceEquality") // NONE is one object
    static void giveEnd(FieldList trailers, Http2Wire wire, Consumer<ByteBuf> to) {
        lend(Trailers.writeEnd(trailers, wire.buffer(trailers == FieldList.NONE ? 8 : 256)), to);
    }

    private static void lend(ByteBuf bytes, Consumer<ByteBuf> to) {
        try {
            to.accept(bytes);
        } finally {
            bytes.release();
        }
    }
}
