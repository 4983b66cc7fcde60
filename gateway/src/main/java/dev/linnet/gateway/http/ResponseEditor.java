package dev.linnet.gateway.http;

/** Writes the head that the client gets (spec of ingress-nginx, §3.8). */
public final class ResponseEditor extends HeadWriter {
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] NO_BODY = ascii("Content-Length: 0\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = ascii("Connection: upgrade\r\n");

    /** How the body gets to the client. */
    public enum Transfer {
        /** Framed as it came. */
        AS_IS,
        /** In chunks that we make. */
        CHUNKS,
        /** Without chunks, until the connection is closed. */
        UNTIL_CLOSE
    }

    /** What the {@code Connection} header says. */
    public enum Connection {
        /** Nothing: kept, as is the rule in HTTP/1.1. */
        UNSAID,
        CLOSE,
        /** Kept, which an HTTP/1.0 client wants to be told. */
        KEEP_ALIVE
    }

    public ResponseEditor(HeadLimits limits) {
        super(limits.bytes() + 1024);
    }

    /**
     * Writes a head.
     *
     * @param edits    what this exchange changes
     * @param always   what each exchange changes
     * @param dateLine added where the backend sent none
     */
    public void write(
            ResponseHead head,
            Transfer transfer,
            Connection connection,
            ResponseEdits edits,
            ResponseEdits always,
            byte[] dateLine) {
        boolean bodyless = head.status() < 200 || head.status() == 204;
        if (transfer != Transfer.AS_IS || bodyless) {
            head.dropFraming(); // of a 204 it would be a lie (RFC 9110 §8.6)
        }
        int shown = edits.status() > 0 ? edits.status() : head.status();
        boolean edited = !edits.isNone() && head.status() >= 200;
        boolean alwaysEdited = !always.isNone() && head.status() >= 200;
        if (alwaysEdited) {
            always.dropped().forEach(head::dropLines);
        }
        if (edited) {
            edits.dropped().forEach(head::dropLines);
        }
        begin();
        put(VERSION);
        if (edits.status() > 0) {
            put(ascii(edits.status() + " \r\n"));
        } else {
            put(head.bytes(), head.statusStart(), head.linesStart());
        }
        putLines(head, head.linesStart());
        if (edited) {
            put(edits.bytes(shown));
        }
        if (alwaysEdited) {
            put(always.bytes(shown));
        }
        if (!head.hasDate() && head.status() >= 200) {
            put(dateLine);
        }
        if (transfer == Transfer.CHUNKS) {
            put(CHUNKED);
        } else if (bodyless && edits.status() > 0) {
            put(NO_BODY); // of the status that is shown, a client would expect one
        }
        if (head.upgradeLine() >= 0 && (head.status() == 101 || head.status() == 426)) {
            put(UPGRADE);
            put(head.bytes(), head.nameStart(head.upgradeLine()), head.lineEnd(head.upgradeLine()));
        } else if (head.status() >= 200) {
            putConnection(connection);
        }
        put(CRLF);
    }

    private void putConnection(Connection connection) {
        switch (connection) {
            case UNSAID -> {}
            case CLOSE -> put(CLOSE);
            case KEEP_ALIVE -> put(KEEP_ALIVE);
        }
    }
}
