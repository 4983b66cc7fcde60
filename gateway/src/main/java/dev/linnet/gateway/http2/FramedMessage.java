package dev.linnet.gateway.http2;

import dev.linnet.gateway.http.ChunkedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way into frames. The exchange writes what it would write to a peer of HTTP/1.1: a head whole in one buffer, then
 * the body, in chunks if the head says so. Here the chunks are taken off again, and trailers become fields.
 */
final class FramedMessage {
    private static final long UNKNOWN = -1;

    private final Http2Wire wire;
    private final Http2Stream stream;
    private boolean withoutBody;
    private boolean withoutLength;
    private boolean headWritten;
    private boolean ended;
    private long left = UNKNOWN;
    private @Nullable ChunkedBody chunks;
    private @Nullable ChannelFuture lastWrite;

    FramedMessage(Http2Wire wire, Http2Stream stream) {
        this.wire = wire;
        this.stream = stream;
    }

    /** Whatever is written, only the head is sent: as an answer to HEAD. */
    void withoutBody() {
        withoutBody = true;
    }

    /** The same where it is not known what was asked: to anything but HEAD a length without a body would be a lie (RFC 9113 §8.1.1). */
    void withoutBodyOrLength() {
        withoutBody = true;
        withoutLength = true;
    }

    /** @param lines that read a head, if this begins with one */
    void write(ByteBuf bytes, HeadLines lines) {
        if (ended || !wire.mayWrite(stream)) {
            bytes.release();
            return;
        }
        if (!headWritten) {
            writeHead(bytes, lines);
            if (ended || !headWritten || !bytes.isReadable()) {
                bytes.release();
                return;
            }
        }
        if (chunks == null) {
            writeData(bytes);
        } else {
            unchunk(chunks, bytes);
        }
    }

    private void writeHead(ByteBuf bytes, HeadLines lines) {
        lines.read(bytes);
        headWritten = lines.isFinal();
        left = lines.contentLength();
        ended = headWritten && (withoutBody || lines.isBodyless());
        chunks = lines.isChunked() && !ended ? ChunkedBody.keepingTrailers() : null;
        if (withoutLength) {
            lines.fields().drop("content-length");
        }
        lastWrite = wire.writeHeaders(stream, lines.fields(), ended);
    }

    private void unchunk(ChunkedBody body, ByteBuf bytes) {
        for (int data = body.nextData(bytes); data > 0; data = body.nextData(bytes)) {
            writeData(bytes.readRetainedSlice(data));
        }
        bytes.release();
        if (body.isDone()) {
            end(body.trailers());
        }
    }

    private void writeData(ByteBuf data) {
        if (left >= 0) {
            left -= data.readableBytes();
            ended = left <= 0;
        }
        lastWrite = wire.writeData(stream, data, ended);
    }

    private void end(byte[] trailers) {
        ended = true;
        boolean some = trailers.length > 2; // more than the empty line
        lastWrite = some
                ? wire.writeHeaders(stream, Trailers.read(trailers), true)
                : wire.writeData(stream, Unpooled.EMPTY_BUFFER, true);
    }

    /** Whether all of it was written. */
    boolean isWhole() {
        return ended;
    }

    /** Called once all that was written is on its way. */
    void whenSent(Runnable action) {
        if (lastWrite != null) {
            lastWrite.addListener(_ -> action.run());
        }
    }
}
