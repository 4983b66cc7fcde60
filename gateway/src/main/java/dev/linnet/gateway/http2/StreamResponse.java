package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.gateway.http.ChunkedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One response on its way into frames. The exchange writes what it would write to a client of HTTP/1.1: a head whole in one buffer,
 * then the body, in chunks if the head says so. Here the chunks are taken off again, and trailers become fields.
 */
final class StreamResponse {
    private static final long UNKNOWN = -1;

    private final Http2Client connection;
    private final Http2Stream stream;
    private boolean withoutBody;
    private boolean headWritten;
    private boolean ended;
    private long left = UNKNOWN;
    private @Nullable ChunkedBody chunks;
    private @Nullable ChannelFuture lastWrite;

    StreamResponse(Http2Client connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Whatever is written, only the head is sent: as an answer to HEAD. */
    void withoutBody() {
        withoutBody = true;
    }

    void write(ByteBuf bytes) {
        if (ended || !connection.mayWrite(stream)) {
            bytes.release();
            return;
        }
        if (!headWritten) {
            writeHead(bytes);
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

    private void writeHead(ByteBuf bytes) {
        ResponseLines lines = connection.responseLines();
        lines.read(bytes);
        int status = lines.status();
        headWritten = status >= 200;
        left = lines.contentLength();
        ended = headWritten && (withoutBody || status == 204 || status == 304 || left == 0);
        chunks = lines.isChunked() && !ended ? ChunkedBody.keepingTrailers() : null;
        lastWrite = connection.writeHeaders(stream, lines.fields(), ended);
    }

    private void unchunk(ChunkedBody body, ByteBuf bytes) {
        for (int data = body.nextData(bytes); data > 0; data = body.nextData(bytes)) {
            writeData(bytes.readRetainedSlice(data));
        }
        bytes.release();
    }

    private void writeData(ByteBuf data) {
        if (left >= 0) {
            left -= data.readableBytes();
            ended = left <= 0;
        }
        lastWrite = connection.writeData(stream, data, ended);
    }

    /**
     * Nothing more comes from the exchange.
     *
     * @param requestEnded whether the client has sent all of its request; if not, it is told to keep the rest
     * @param error        what it is told
     */
    void finish(Ending ending, boolean requestEnded, Http2Error error) {
        if (!connection.mayWrite(stream)) {
            return;
        }
        boolean whole = headWritten && (ended || left == UNKNOWN);
        if (ending == Ending.ABORT || !whole) {
            connection.reset(stream, error == Http2Error.NO_ERROR ? Http2Error.INTERNAL_ERROR : error);
            return;
        }
        if (!ended) {
            end();
        }
        if (!requestEnded && lastWrite != null) {
            lastWrite.addListener(_ -> connection.reset(stream, error));
        }
    }

    private void end() {
        ended = true;
        byte[] trailers = chunks == null ? new byte[0] : chunks.trailers();
        if (trailers.length > 2) {
            lastWrite = connection.writeHeaders(stream, Trailers.read(trailers), true);
        } else {
            lastWrite = connection.writeData(stream, Unpooled.EMPTY_BUFFER, true);
        }
    }
}
