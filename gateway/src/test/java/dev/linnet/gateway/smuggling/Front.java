package dev.linnet.gateway.smuggling;

import dev.linnet.gateway.http.Body;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.ChunkedBody;
import dev.linnet.gateway.http.HeadLimits;
import dev.linnet.gateway.http.Rejection;
import dev.linnet.gateway.http.RequestEditor;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.routing.policy.CallerOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The gateway's parser and editor without sockets: what it reads on a connection, and what an endpoint would get. */
final class Front {
    private static final Caller CALLER = Caller.of(new byte[] {127, 0, 0, 1}, 80, "http");

    private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    private final RequestEditor editor = new RequestEditor(HeadLimits.DEFAULT);
    private final byte[] scratch = HeadLimits.DEFAULT.newArray();

    /**
     * One request that was read to its end.
     *
     * @param method  as the client sent it
     * @param target  as the endpoint gets it
     * @param body    without framing
     * @param onward  all that the endpoint gets
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String method, String target, String body, byte[] onward) {}

    /** All whole requests on a connection, until one is refused or is not whole. */
    List<Request> read(byte[] connection) {
        List<Request> requests = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(connection);
        while (in.isReadable()) {
            int end = Math.min(in.readableBytes(), HeadLimits.DEFAULT.bytes());
            in.getBytes(in.readerIndex(), scratch, 0, end);
            int length = head.scan(scratch, end);
            if (length <= 0 || !readOn(in.skipBytes(length), requests)) {
                break;
            }
        }
        return requests;
    }

    private boolean readOn(ByteBuf in, List<Request> requests) {
        editor.write(head, CALLER, RequestEdits.NONE, CallerOptions.DEFAULT, new SplittableRandom(1));
        ByteArrayOutputStream onward = new ByteArrayOutputStream();
        onward.write(editor.bytes(), 0, editor.length());
        String line = onward.toString(StandardCharsets.ISO_8859_1).split("\r\n", 2)[0];
        int begin = in.readerIndex();
        Body body = Body.of(head);
        int passed = body.pass(in);
        if (!body.isDone() || body.rejection() != Rejection.NONE) {
            return false;
        }
        byte[] raw = new byte[passed];
        in.getBytes(begin, raw);
        in.readerIndex(begin + passed);
        onward.writeBytes(raw);
        String[] words = line.split(" ", 3);
        requests.add(new Request(words[0], words[1], head.isChunked() ? data(raw) : text(raw), onward.toByteArray()));
        return true;
    }

    private static String data(byte[] raw) {
        ChunkedBody chunked = new ChunkedBody();
        ByteBuf in = Unpooled.wrappedBuffer(raw);
        StringBuilder data = new StringBuilder();
        for (int length = chunked.nextData(in); length > 0; length = chunked.nextData(in)) {
            data.append(in.readCharSequence(length, StandardCharsets.ISO_8859_1));
        }
        return data.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
