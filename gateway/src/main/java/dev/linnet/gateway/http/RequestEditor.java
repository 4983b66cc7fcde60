package dev.linnet.gateway.http;

import java.util.random.RandomGenerator;

/** Writes the head that the backend gets (spec of ingress-nginx, §3.7). */
public final class RequestEditor extends HeadWriter {
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] HOST_NAME = ascii("host");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] NO_HOST = ascii("Host: \r\n");
    private static final byte[] REQUEST_ID = ascii("X-Request-ID: ");
    private static final byte[] FORWARDED_HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] ORIGINAL_FOR = ascii("X-Original-Forwarded-For: ");
    private static final byte[] ORIGINAL_HOST = ascii("X-Original-Forwarded-Host: ");
    private static final byte[] UPGRADE = ascii("Connection: upgrade\r\nUpgrade: ");
    private static final byte[] COMMA = ascii(", ");

    public RequestEditor(HeadLimits limits) {
        super(limits.bytes() * 4 + 1024); // it grows where edits ask for more
    }

    /**
     * The lines that are the same for all requests of a connection.
     *
     * @param peer   the client's address
     * @param port   the port that the client sees
     * @param scheme {@code http} or {@code https}
     */
    public static byte[] connectionLines(String peer, int port, String scheme) {
        return ascii("X-Real-IP: " + peer + "\r\nX-Forwarded-For: " + peer + "\r\nX-Forwarded-Port: " + port
                + "\r\nX-Forwarded-Proto: " + scheme + "\r\nX-Forwarded-Scheme: " + scheme + "\r\nX-Scheme: " + scheme
                + "\r\n");
    }

    /**
     * Writes a head.
     *
     * @param connectionLines of {@link #connectionLines}
     * @param edits           what this exchange changes
     * @param ids             makes a request id where the client brought none
     */
    public void write(RequestHead head, byte[] connectionLines, RequestEdits edits, RandomGenerator ids) {
        begin();
        RequestLine line = head.line();
        byte[] bytes = head.bytes();
        boolean edited = !edits.isNone();
        put(bytes, line.methodStart(), line.methodEnd());
        put(' ');
        if (edited && edits.target().isPresent()) {
            put(edits.target().get());
        } else {
            if (line.rawPathStart() == line.rawPathEnd()) {
                put('/');
            }
            put(bytes, line.rawPathStart(), line.targetEnd());
        }
        put(VERSION);
        if (edited) {
            edit(head, edits);
        }
        putLines(head, linesStart(head));
        putHost(head);
        put(connectionLines);
        if (!head.hasRequestId()) {
            put(REQUEST_ID);
            putHex(ids.nextLong());
            putHex(ids.nextLong());
            put(CRLF);
        }
        if (head.wasForwardedBefore()) {
            putOriginal(head, Field.X_FORWARDED_FOR, ORIGINAL_FOR);
            putOriginal(head, Field.X_FORWARDED_HOST, ORIGINAL_HOST);
        }
        if (head.wantsUpgrade()) {
            put(UPGRADE);
            put(bytes, head.valueStart(head.upgradeLine()), head.valueEnd(head.upgradeLine()));
            put(CRLF);
        }
        put(CRLF);
    }

    private void edit(RequestHead head, RequestEdits edits) {
        edits.dropped().forEach(head::dropLines);
        edits.host().ifPresent(host -> {
            head.dropLines(HOST_NAME);
            put(HOST);
            put(host);
            put(CRLF);
        });
        put(edits.lines());
    }

    private static int linesStart(RequestHead head) {
        return head.headerCount() == 0 ? 0 : head.nameStart(0);
    }

    private void putHost(RequestHead head) {
        HostField host = head.host();
        if (!host.isPresent()) {
            put(NO_HOST); // HTTP/1.1 wants one, if only an empty one (RFC 9112 §3.2)
            return;
        }
        put(FORWARDED_HOST);
        put(head.bytes(), host.start(), host.end());
        put(CRLF);
    }

    private void putOriginal(RequestHead head, Field field, byte[] name) {
        byte[] bytes = head.bytes();
        boolean first = true;
        for (int line = 0; line < head.headerCount(); line++) {
            if (Field.of(bytes, head.nameStart(line), head.nameEnd(line)) == field) {
                put(first ? name : COMMA);
                put(bytes, head.valueStart(line), head.valueEnd(line));
                first = false;
            }
        }
        if (!first) {
            put(CRLF);
        }
    }
}
