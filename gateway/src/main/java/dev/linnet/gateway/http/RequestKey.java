package dev.linnet.gateway.http;

import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.KeyExpression.Part;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * The CRC32 of what a {@link KeyExpression} says of a request, taken from the bytes where they lie. Variables mean what nginx means by them; one
 * that a request does not have, or that is unknown, adds nothing. One instance serves one event loop.
 */
public final class RequestKey {
    private static final byte[] COMMA = {',', ' '};
    /** The CRC32 of no bytes. */
    public static final int NOTHING = 0;

    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);

    private final CRC32 crc = new CRC32();
    private final RandomGenerator random;
    private final Piece[] pieces;

    private interface Piece {
        void addTo(CRC32 crc, RequestHead head, Caller caller);
    }

    /** @param serverName the host of the route, empty if it is for any */
    public RequestKey(KeyExpression expression, String serverName, RandomGenerator random) {
        this.random = random;
        this.pieces =
                expression.parts().stream().map(part -> piece(part, serverName)).toArray(Piece[]::new);
    }

    /** {@link #NOTHING} if the request has nothing of what the expression asks for. */
    public int of(RequestHead head, Caller caller) {
        crc.reset();
        for (Piece piece : pieces) {
            piece.addTo(crc, head, caller);
        }
        return (int) crc.getValue();
    }

    /** Of a request that had this value in the only variable of the expression. */
    public int of(String value) {
        crc.reset();
        addText(crc, value);
        return (int) crc.getValue();
    }

    private Piece piece(Part part, String serverName) {
        return switch (part) {
            case Part.Text(String text) -> fixed(text);
            case Part.Variable(String name)
            when name.startsWith("http_") && !name.equals("http_host") -> header(name.substring(5));
            case Part.Variable(String name) when name.startsWith("cookie_") -> cookie(name.substring(7));
            case Part.Variable(String name) when name.startsWith("arg_") -> argument(name.substring(4));
            case Part.Variable(String name) -> named(name, serverName);
        };
    }

    private Piece named(String name, String serverName) {
        return switch (name) {
            case "request_uri" ->
                (to, head, _) ->
                        add(to, head, head.line().rawPathStart(), head.line().targetEnd());
            case "uri", "document_uri" -> (to, head, _) -> add(to, head, head.pathStart(), head.pathEnd());
            case "host" -> (to, head, _) -> addHost(to, head);
            case "http_host" ->
                (to, head, _) -> add(to, head, head.host().start(), head.host().end());
            case "args", "query_string" ->
                (to, head, _) -> add(to, head, queryStart(head), head.line().targetEnd());
            case "request_method" ->
                (to, head, _) ->
                        add(to, head, head.line().methodStart(), head.line().methodEnd());
            case "remote_addr" -> (to, _, caller) -> addText(to, caller.text());
            case "binary_remote_addr" -> (to, _, caller) -> to.update(caller.address());
            case "server_port" -> (to, _, caller) -> addText(to, String.valueOf(caller.port()));
            case "scheme" -> (to, _, caller) -> addText(to, caller.scheme());
            case "server_name" -> fixed(serverName.isEmpty() ? "_" : serverName);
            case "request_id" -> (to, _, _) -> to.update(random.nextInt());
            default -> (_, _, _) -> {};
        };
    }

    private static Piece fixed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return (to, _, _) -> to.update(bytes);
    }

    private static void add(CRC32 to, RequestHead head, int start, int end) {
        to.update(head.bytes(), start, end - start);
    }

    private static void addText(CRC32 to, String text) {
        to.update(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void addHost(CRC32 to, RequestHead head) {
        for (int i = head.hostStart(); i < head.hostEnd(); i++) {
            byte b = head.bytes()[i];
            to.update(b >= 'A' && b <= 'Z' ? b + 32 : b);
        }
    }

    private static int queryStart(RequestHead head) {
        return Math.min(head.line().rawPathEnd() + 1, head.line().targetEnd());
    }

    /** All lines of the name, joined; {@code -} and {@code _} are the same. */
    private static Piece header(String name) {
        byte[] wanted = name.replace('_', '-').getBytes(StandardCharsets.US_ASCII);
        return (to, head, _) -> {
            boolean more = false;
            for (int line = 0; line < head.headerCount(); line++) {
                if (Octets.is(wanted, head.bytes(), head.nameStart(line), head.nameEnd(line))) {
                    if (more) {
                        to.update(COMMA);
                    }
                    more = true;
                    add(to, head, head.valueStart(line), head.valueEnd(line));
                }
            }
        };
    }

    private static Piece cookie(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        return (to, head, _) -> {
            for (int line = 0; line < head.headerCount(); line++) {
                if (Octets.is(COOKIE, head.bytes(), head.nameStart(line), head.nameEnd(line))
                        && addPair(to, head, wanted, head.valueStart(line), head.valueEnd(line), ';')) {
                    return;
                }
            }
        };
    }

    private static Piece argument(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        return (to, head, _) ->
                addPair(to, head, wanted, queryStart(head), head.line().targetEnd(), '&');
    }

    /** Adds the value of the first pair of this name, which nginx compares without case. */
    private static boolean addPair(CRC32 to, RequestHead head, byte[] name, int from, int end, char separator) {
        byte[] bytes = head.bytes();
        int at = from;
        while (at < end) {
            while (at < end && bytes[at] == ' ') {
                at++;
            }
            int stop = at;
            while (stop < end && bytes[stop] != separator) {
                stop++;
            }
            int equals = at + name.length;
            if (equals < stop && bytes[equals] == '=' && Octets.is(name, bytes, at, equals)) {
                add(to, head, equals + 1, stop);
                return true;
            }
            at = stop + 1;
        }
        return false;
    }
}
