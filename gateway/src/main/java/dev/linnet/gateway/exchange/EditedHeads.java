package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.HeadLimits;
import dev.linnet.gateway.http.RequestEditor;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEditor;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.log.LogEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Heads as one event loop sends them on, each in a buffer of its own. */
final class EditedHeads {
    private static final byte[] END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REQUEST_ID = "x-request-id".getBytes(StandardCharsets.US_ASCII);

    private final Routing routing;
    private final DateLine date;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final RequestEditor requests;
    private final ResponseEditor responses;

    EditedHeads(HeadLimits limits, Routing routing, DateLine date, RandomGenerator random, ByteBufAllocator allocator) {
        this.routing = routing;
        this.date = date;
        this.random = random;
        this.allocator = allocator;
        this.requests = new RequestEditor(limits);
        this.responses = new ResponseEditor(limits);
    }

    /** The head for the backend. */
    ByteBuf of(RequestHead head, Caller caller, RequestEdits edits) {
        requests.write(head, caller, edits, routing.callers(), random);
        return allocator.directBuffer(requests.length()).writeBytes(requests.bytes(), 0, requests.length());
    }

    /** A head for the backend with more lines, each with its end. */
    ByteBuf with(ByteBuf head, byte[] lines) {
        int length = head.readableBytes() - END.length;
        return allocator
                .directBuffer(length + lines.length + END.length)
                .writeBytes(head, head.readerIndex(), length)
                .writeBytes(lines)
                .writeBytes(END);
    }

    /** Tells the log which id the request got whose head was written last. */
    void tellId(RequestHead head, LogEntry entry) {
        if (requests.idStart() >= 0) {
            entry.id(requests.bytes(), requests.idStart(), requests.idEnd());
        } else {
            int line = head.next(REQUEST_ID, 0);
            if (line >= 0) {
                entry.id(head.bytes(), head.valueStart(line), head.valueEnd(line));
            }
        }
    }

    /**
     * The head for the client.
     *
     * @param edits  what this exchange changes
     * @param always what each exchange changes
     * @param room   for so many more bytes behind it
     */
    ByteBuf of(
            ResponseHead head,
            ResponseEditor.Transfer transfer,
            ResponseEditor.Connection connection,
            ResponseEdits edits,
            ResponseEdits always,
            int room) {
        responses.write(head, transfer, connection, edits, always, date.line());
        return allocator.directBuffer(responses.length() + room).writeBytes(responses.bytes(), 0, responses.length());
    }
}
