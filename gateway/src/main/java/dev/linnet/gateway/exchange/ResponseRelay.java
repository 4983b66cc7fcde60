package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Body;
import dev.linnet.gateway.http.ChunkedBody;
import dev.linnet.gateway.http.ResponseEditor.Transfer;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.numbers.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The response's body on its way to the client, reframed where client and backend do not frame alike. */
final class ResponseRelay {
    /** Bodies up to this size travel in one buffer with the head: copying is cheaper than sending two. */
    static final int WITH_HEAD = 2048;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuf HEAD_END =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII));
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Loop loop;
    private Body body = Body.none();
    private Transfer transfer = Transfer.AS_IS;
    private boolean started;
    private int status;
    private long bytes;
    private long headBytes;

    ResponseRelay(Loop loop) {
        this.loop = loop;
    }

    /** Decides how the body gets to the client. */
    void begin(ResponseHead head, Method method, boolean clientKnowsChunks) {
        ResponseHead.Framing framing = head.framing(method);
        body = Body.of(head, framing);
        status = head.status();
        started = true;
        transfer = switch (framing) {
            case NONE, LENGTH -> Transfer.AS_IS;
            case CHUNKED -> clientKnowsChunks ? Transfer.AS_IS : Transfer.UNTIL_CLOSE;
            case UNTIL_CLOSE -> clientKnowsChunks ? Transfer.CHUNKS : Transfer.UNTIL_CLOSE;
        };
    }

    /** Tells of another status than the backend's, unless it is 0. */
    void show(int other) {
        if (other > 0) {
            status = other;
        }
    }

    Transfer transfer() {
        return transfer;
    }

    boolean isStarted() {
        return started;
    }

    boolean isDone() {
        return started && body.isDone();
    }

    boolean endsByClose() {
        return body.endsByClose();
    }

    Body body() {
        return body;
    }

    int status() {
        return status;
    }

    /** Sent to the client, heads included. */
    long bytes() {
        return bytes;
    }

    /** How many of them were heads. */
    long headBytes() {
        return headBytes;
    }

    void write(ClientEnd client, ByteBuf out) {
        bytes += out.readableBytes();
        client.write(out);
    }

    /** An answer of the gateway's own: whole. */
    void answered(ClientEnd client, int status, ByteBuf answer) {
        this.status = status;
        int body = ByteBufUtil.indexOf(HEAD_END, answer);
        headBytes += body < 0 ? answer.readableBytes() : body - answer.readerIndex() + HEAD_END.readableBytes();
        write(client, answer);
    }

    /** The head, with as much of the body as fits and is there. */
    void writeHead(ClientEnd client, ByteBuf head, ByteBuf in) {
        headBytes += head.readableBytes();
        if (transfer == Transfer.AS_IS && in.readableBytes() <= WITH_HEAD) {
            int mine = body.pass(in);
            head.writeBytes(in, mine);
            write(client, head);
            return;
        }
        write(client, head);
        relay(client, in);
    }

    /** Takes what belongs to the body out of a buffer and passes it on. */
    void relay(ClientEnd client, ByteBuf in) {
        switch (transfer) {
            case AS_IS -> asIs(client, in);
            case CHUNKS -> asChunk(client, in);
            case UNTIL_CLOSE -> bare(client, in);
        }
    }

    private void asIs(ClientEnd client, ByteBuf in) {
        int mine = body.pass(in);
        if (mine > 0) {
            write(client, in.readRetainedSlice(mine));
        }
    }

    private void asChunk(ClientEnd client, ByteBuf in) {
        int mine = body.pass(in);
        if (mine == 0) {
            return;
        }
        ByteBuf size = loop.buffer(16);
        size.writeCharSequence(Integer.toHexString(mine), StandardCharsets.US_ASCII);
        write(client, size.writeBytes(CRLF));
        write(client, in.readRetainedSlice(mine));
        write(client, loop.buffer(CRLF.length).writeBytes(CRLF));
    }

    private void bare(ClientEnd client, ByteBuf in) {
        if (!(body instanceof ChunkedBody chunked)) {
            asIs(client, in);
            return;
        }
        for (int data = chunked.nextData(in); data > 0; data = chunked.nextData(in)) {
            write(client, in.readRetainedSlice(data));
        }
    }

    /** The backend closed its connection, and that is the proper end. */
    void end(ClientEnd client) {
        if (transfer == Transfer.CHUNKS) {
            write(client, loop.buffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK));
        }
    }

    /** Whether the client can only tell the end by the connection's. */
    boolean needsClose() {
        return transfer == Transfer.UNTIL_CLOSE;
    }
}
