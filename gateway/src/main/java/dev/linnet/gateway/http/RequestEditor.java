package dev.linnet.gateway.http;

import dev.linnet.routing.Baggage;
import dev.linnet.routing.ReleaseSides;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
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
    private static final byte[] FORWARDED_PORT = ascii("X-Forwarded-Port: ");
    private static final byte[] ORIGINAL_FOR = ascii("X-Original-Forwarded-For: ");
    private static final byte[] ORIGINAL_HOST = ascii("X-Original-Forwarded-Host: ");
    private static final byte[] ORIGINAL_URI = ascii("X-Original-URI: ");
    private static final byte[] ORIGINAL_URI_NAME = ascii("x-original-uri");
    private static final byte[] FORWARDED = ascii("Forwarded: ");
    private static final byte[] FORWARDED_PREFIX = ascii("X-Forwarded-Prefix: ");
    private static final byte[] UPGRADE = ascii("Connection: upgrade\r\nUpgrade: ");
    private static final byte[] COMMA = ascii(", ");
    private static final byte[] BAGGAGE = ascii("baggage: ");
    private static final byte[] SIDES = ascii(ReleaseSides.HEADER + ": ");
    private static final byte[] SIDES_NAME = ascii(ReleaseSides.HEADER);

    private int idStart;
    private int idEnd;

    public RequestEditor(HeadLimits limits) {
        super(limits.bytes() * 4 + 1024); // it grows where edits ask for more
    }

    /**
     * Writes a head.
     *
     * @param caller  who asks
     * @param edits   what this exchange changes
     * @param options what is done with headers of all requests
     * @param ids     makes a request id where the client brought none
     */
    public void write(RequestHead head, Caller caller, RequestEdits edits, CallerOptions options, RandomGenerator ids) {
        HeaderOptions headers = options.headers();
        begin();
        idStart = -1;
        RequestLine line = head.line();
        byte[] bytes = head.bytes();
        boolean edited = !edits.isNone();
        if (edited && edits.method().isPresent()) {
            put(edits.method().get());
        } else {
            put(bytes, line.methodStart(), line.methodEnd());
        }
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
        if (!caller.host().isEmpty() && edits.host().isEmpty()) {
            setHost(head, latin(caller.host()));
        }
        if (!headers.set().isEmpty() || headers.originalUri()) {
            set(head, headers);
        }
        if (edits.sides().isPresent() || (head.tellsSides() && !head.isFromPod())) {
            putSides(head, edits.sides());
        }
        putLines(head, linesStart(head));
        putHost(head, caller);
        putOwn(caller.lines(), headers);
        if (!sets(headers, FORWARDED_PORT)) {
            putPort(head, caller);
        }
        if (!head.hasRequestId() && headers.requestId() && !sets(headers, REQUEST_ID)) {
            put(REQUEST_ID);
            idStart = length();
            if (edits.requestId().isPresent()) {
                put(latin(edits.requestId().get()));
            } else {
                putHex(ids.nextLong());
                putHex(ids.nextLong());
            }
            idEnd = length();
            put(CRLF);
        }
        putOriginals(head, caller, options);
        if (head.wantsUpgrade() && edits.method().isEmpty()) {
            put(UPGRADE);
            put(bytes, head.valueStart(head.upgradeLine()), head.valueEnd(head.upgradeLine()));
            put(CRLF);
        }
        put(CRLF);
    }

    /** Where in {@link #bytes} the request id stands that was made for the last head; negative if the client had brought one. */
    public int idStart() {
        return idStart;
    }

    public int idEnd() {
        return idEnd;
    }

    private void edit(RequestHead head, RequestEdits edits) {
        edits.dropped().forEach(head::dropLines);
        edits.host().ifPresent(host -> setHost(head, host));
        put(edits.lines());
    }

    private void setHost(RequestHead head, byte[] host) {
        head.dropLines(HOST_NAME);
        put(HOST);
        put(host);
        put(CRLF);
    }

    /** Baggage with these sides of releases instead of those that somebody else has told, and their header. */
    private void putSides(RequestHead head, Optional<ReleaseSides> sides) {
        byte[] bytes = head.bytes();
        boolean first = true;
        for (int line = 0; line < head.headerCount(); line++) {
            if (head.isDropped(line) || Field.of(bytes, head.nameStart(line), head.nameEnd(line)) != Field.BAGGAGE) {
                continue;
            }
            int end = head.valueEnd(line);
            for (int at = head.valueStart(line); at < end; ) {
                int memberEnd = Baggage.memberEnd(bytes, at, end);
                if (memberEnd > at && !Baggage.isOurs(bytes, at, memberEnd)) {
                    put(first ? BAGGAGE : COMMA);
                    put(bytes, at, memberEnd);
                    first = false;
                }
                at = memberEnd + 1;
            }
            head.drop(line);
        }
        head.dropLines(SIDES_NAME);
        if (sides.isPresent()) {
            put(first ? BAGGAGE : COMMA);
            put(latin(sides.get().member()));
            first = false;
        }
        if (!first) {
            put(CRLF);
        }
        if (sides.isPresent()) {
            put(SIDES);
            put(latin(sides.get().header()));
            put(CRLF);
        }
    }

    /** Lines that everybody's requests get. They win over whatever the client, a route or we say (spec, §3.7). */
    private void set(RequestHead head, HeaderOptions options) {
        if (options.originalUri()) {
            head.dropLines(ORIGINAL_URI_NAME);
            put(ORIGINAL_URI);
            put(head.bytes(), head.line().rawPathStart(), head.line().targetEnd());
            put(CRLF);
        }
        for (CallerOptions.Line line : options.set()) {
            head.dropLines(latin(line.name().toLowerCase(Locale.ROOT)));
            put(latin(line.name() + ": " + line.value() + "\r\n"));
        }
    }

    /** Our own lines, without those that are set for everybody. */
    private void putOwn(byte[] lines, HeaderOptions options) {
        if (options.set().isEmpty()) {
            put(lines);
            return;
        }
        for (int at = 0; at < lines.length; ) {
            int end = at;
            while (lines[end] != '\n') {
                end++;
            }
            byte[] line = Arrays.copyOfRange(lines, at, end + 1);
            if (!sets(options, line)) {
                put(line);
            }
            at = end + 1;
        }
    }

    private static boolean sets(HeaderOptions options, byte[] line) {
        for (CallerOptions.Line set : options.set()) {
            int length = set.name().length();
            if (line.length > length
                    && line[length] == ':'
                    && set.name().equalsIgnoreCase(new String(line, 0, length, StandardCharsets.ISO_8859_1))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int linesStart(RequestHead head) {
        return head.headerCount() == 0 ? 0 : head.nameStart(0);
    }

    private void putHost(RequestHead head, Caller caller) {
        HostField host = head.host();
        if (!host.isPresent()) {
            put(NO_HOST); // HTTP/1.1 wants one, if only an empty one (RFC 9112 §3.2)
            return;
        }
        put(FORWARDED_HOST);
        if (caller.host().isEmpty()) {
            put(head.bytes(), host.start(), host.end());
        } else {
            put(latin(caller.host()));
        }
        put(CRLF);
    }

    /** Of the client's address bar: what the request names, unless somebody who knows better has told it. */
    private void putPort(RequestHead head, Caller caller) {
        HostField host = head.host();
        if (host.hasPort() && !caller.isPortTold()) {
            put(FORWARDED_PORT);
            put(head.bytes(), host.portStart(), host.end());
            put(CRLF);
        } else {
            put(caller.portLine());
        }
    }

    private void putOriginals(RequestHead head, Caller caller, CallerOptions options) {
        boolean usual = options.forwardedFor().equals(CallerOptions.FORWARDED_FOR);
        if (head.wasForwardedBefore()) {
            if (usual) {
                putOriginal(head, Field.X_FORWARDED_FOR, ORIGINAL_FOR);
            }
            putOriginal(head, Field.X_FORWARDED_HOST, ORIGINAL_HOST);
        }
        if (!usual) {
            putUnlessEmpty(ORIGINAL_FOR, head.joined(latin(options.forwardedFor())));
        }
        if (head.wasForwardedByOthers() && caller.isTrusted()) {
            putOriginal(head, Field.FORWARDED, FORWARDED);
            putOriginal(head, Field.X_FORWARDED_PREFIX, FORWARDED_PREFIX);
        }
    }

    private void putUnlessEmpty(byte[] name, String value) {
        if (!value.isEmpty()) {
            put(name);
            put(latin(value));
            put(CRLF);
        }
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
